from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.api.languages import Language
from chalicelib.api.problems import written_rule
from chalicelib.api.schemas.fields import money
from chalicelib.api.schemas.me import BlockView, EntryPage, EntryView, IntentView, LegView, MeView, RefundsView, RefundView, WalletView
from chalicelib.domain.blocks import standing_block
from chalicelib.domain.decisions import Code
from chalicelib.domain.money import LedgerAccount, Posting, Wallet
from chalicelib.domain.payments import PaymentIntent
from chalicelib.domain.refunds import Refund
from chalicelib.jurisdictions import jurisdiction
from chalicelib.usecases.keep_profile import Profile
from chalicelib.usecases.ports import Page

OWN_FIELDS = ("iin", "bin", "name", "phone", "email")


def me_view(profile: Profile, *, language: Language) -> MeView:
    """
    Show an account to its holder.
    """
    account = profile.account
    fields: Mapping[str, Any] = profile.fields or {}
    return MeView(
        id=account.id,
        kind="legal" if account.kind == "legal" else "natural",
        resident=account.resident,
        language=Language(account.language),
        channels=list(account.channels),
        roles=list(account.roles),
        checkpoints=list(account.checkpoints),
        agreement_version=account.agreement_version,
        agreed_at=account.agreed_at,
        head=True if account.head else None,
        blocks=_blocks(profile, language),
        personal_data="unavailable" if profile.fields is None else None,
        **{name: str(fields[name]) for name in OWN_FIELDS if fields.get(name)},
    )


def _blocks(profile: Profile, language: Language) -> list[BlockView]:
    block = standing_block(profile.account.blocks)
    false_data = [BlockView(kind="false_data", since=block.since, rule=written_rule("6-2"), reason=block.reason)] if block else []
    return [*false_data, *([_debt(profile.wallet, language)] if profile.wallet.debt else [])]


def _debt(wallet: Wallet, language: Language) -> BlockView:
    text = jurisdiction().problem(Code.DEBT, language.value, {"debt": wallet.debt})
    return BlockView(kind="debt", since=wallet.debt_since, rule=written_rule("27"), reason=text.detail or text.title)


def wallet_view(wallet: Wallet) -> WalletView:
    """
    Show a wallet.
    """
    return WalletView(available=money(wallet.available), held=money(wallet.held), debt=money(wallet.debt))


def entry_page(page: Page[Posting]) -> EntryPage:
    """
    Show ledger lines.
    """
    return EntryPage(items=[_entry(posting) for posting in page.items], next_cursor=page.next_cursor)


def _entry(posting: Posting) -> EntryView:
    return EntryView(
        id=posting.id,
        kind=posting.kind,
        at=posting.at,
        available=money(posting.change_of(LedgerAccount.WALLET_AVAILABLE)),
        held=money(posting.change_of(LedgerAccount.WALLET_HELD)),
        debt=money(-posting.change_of(LedgerAccount.USER_DEBT)),
        legs=[LegView(account=leg.account, amount=money(leg.amount)) for leg in posting.legs],
        booking=posting.booking,
        checkpoint=posting.checkpoint,
        reference=posting.reference,
    )


def intent_view(intent: PaymentIntent) -> IntentView:
    """
    Show a card payment to whom it belongs.
    """
    return IntentView(payment_intent=intent.id, client_secret=intent.client_secret, status=intent.status.value, amount=money(intent.amount))


def refunds_view(refunds: Sequence[Refund]) -> RefundsView:
    """
    Show what goes back to the cards.
    """
    return RefundsView(amount=money(sum(refund.amount for refund in refunds)), refunds=[_refund(refund) for refund in refunds])


def _refund(refund: Refund) -> RefundView:
    return RefundView(
        id=refund.id, amount=money(refund.amount), status=refund.state, payment_intent=refund.intent, created_at=refund.created_at
    )
