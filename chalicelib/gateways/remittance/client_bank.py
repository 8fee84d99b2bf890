"""
Payment orders as text of 1C's exchange with banks (`1CClientBankExchange`, the Kazakh variant 2.00, Windows-1251).
"""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Final

from chalicelib.domain.money import CURRENCY
from chalicelib.domain.remittance import Party, PaymentOrder, tenge
from chalicelib.domain.settlements import Settlement

ENCODING: Final = "cp1251"
KAZAKH: Final = str.maketrans("әғқңөұүһӘҒҚҢӨҰҮҺ", "агкноуухАГКНОУУХ")
"""Letters that Windows-1251 does not have, by those that Kazakh texts are written with where they are missing (і is there)."""


def write_client_bank(settlement: Settlement, orders: Sequence[PaymentOrder], *, zone: tzinfo) -> bytes:
    """
    Write the orders, lines ended as in Windows. `zone`: of the local day and time at which the day was closed.
    """
    closed = settlement.closed_at.astimezone(zone)
    account = orders[0].payer.iik if orders else ""
    lines = [
        "1CClientBankExchange",
        "ВерсияФормата=2.00",
        "Кодировка=Windows",
        "Отправитель=Электронная очередь",
        f"ДатаСоздания={closed:%d.%m.%Y}",
        f"ВремяСоздания={closed:%H:%M:%S}",
        f"ДатаНачала={settlement.remit_on:%d.%m.%Y}",
        f"ДатаКонца={settlement.remit_on:%d.%m.%Y}",
        f"РасчСчет={account}",
        "Документ=ПлатежноеПоручение",
        *(line for order in orders for line in _order(order)),
        "КонецФайла",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode(ENCODING, errors="replace")


def _order(order: PaymentOrder) -> Iterator[str]:
    to = order.beneficiary
    yield "СекцияДокумент=ПлатежноеПоручение"
    yield f"НомерДокумента={order.number}"
    yield f"ДатаДокумента={order.execute_on:%d.%m.%Y}"
    yield f"Сумма={tenge(order.amount)}"
    yield f"Валюта={CURRENCY}"
    yield from _party("Плательщик", order.payer)
    yield from _party("Получатель", to.party)
    yield f"КодНазначенияПлатежа={to.knp}"
    yield f"КодБК={to.budget_code}"
    yield f"НазначениеПлатежа={_line(order.purpose)}"
    yield f"ДатаВалютирования={order.execute_on:%d.%m.%Y}"
    yield "КонецДокумента"


def _party(who: str, party: Party) -> Iterator[str]:
    yield f"{who}Наименование={_line(party.titles['ru'])}"
    yield f"{who}БИН_ИИН={party.business_id}"
    yield f"{who}КБЕ={party.kbe}"
    yield f"{who}ИИК={party.iik}"
    yield f"{who}БанкБИК={party.bic}"


def _line(text: str) -> str:
    # a line end would begin another field, or another document
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text.translate(KAZAKH)).split())
