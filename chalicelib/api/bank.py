"""
The registrar's bank account (§23): statements taken in, lines that nobody has explained yet, and what finance says of them.
"""

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.call import AnyCall, Call
from chalicelib.api.finance import FINANCE
from chalicelib.api.operation import Answered, Key, Rate, operation
from chalicelib.api.parameters import BANK_LINE, STATEMENT
from chalicelib.api.problems import ProblemError
from chalicelib.api.requests import acting_once
from chalicelib.api.schemas.bank import (
    BankLinePage,
    BankLinesQuery,
    BankLineView,
    BankReconciliationView,
    ExplainRequest,
    MatchRequest,
    ReturnRequest,
    StatementDetail,
    StatementPage,
    StatementsTaken,
)
from chalicelib.api.schemas.base import PageQuery, WholeQuery
from chalicelib.api.statement_uploads import LIMIT, TYPES, receive_upload
from chalicelib.api.views.bank import line_page, line_view, reconciliation_view, statement_detail, statement_page, statement_view
from chalicelib.domain.bank_lines import BankLine, LineState
from chalicelib.domain.decisions import Code
from chalicelib.usecases.decide_line import LineVerdict
from chalicelib.usecases.outcomes import Done

MONEY = ("Finance",)
REFUSALS = (Code.LINE_DECIDED, Code.LINE_CANNOT_BE)


def line_of(id_: str) -> BankLine:
    """
    Find a line by its id, or refuse with 404.
    """
    group, _, number = id_.rpartition("-")
    found = wiring.store().bank_books.line(group, int(number))
    if found is None:
        raise ProblemError.because(Code.NOT_FOUND)
    return found


def decided(call: AnyCall, verdict: LineVerdict) -> Answered:
    """
    Decide the path's line and show it, or why not.
    """
    request = acting_once(call.idempotency_key)
    done = wiring.decide_line()(finance=call.account, line=call.path["id"], verdict=verdict, request=request)
    now = wiring.clock().now()
    return line_view(line_of(done.resource), today=wiring.rules_on(now).today(now)) if isinstance(done, Done) else done


@operation(
    "POST",
    "/v1/finance/statements",
    response=StatementsTaken,
    status=201,
    answers={200: StatementsTaken},
    roles=FINANCE,
    raw_limit=LIMIT,
    raw_types=TYPES,
    idempotency=Key.REQUIRED,
    problems=(Code.PAYEE_UNKNOWN,),
    rate=Rate.WRITE,
    rule="§23",
    tags=MONEY,
    summary="Hand in a bank statement",
)
def upload_statement(call: AnyCall) -> Answered:
    """
    ISO 20022 camt.053 or 1C's text. Every fault is told and nothing taken then; a file that was there already is 200.
    """
    done = receive_upload(call)
    if not isinstance(done, Done):
        return done
    found = [wiring.store().bank_books.statement(id_) for id_ in done.answer["statements"]]
    return Answer(StatementsTaken(items=[statement_view(each) for each in found if each is not None]), done.status)


@operation(
    "GET",
    "/v1/finance/statements",
    query=PageQuery,
    response=StatementPage,
    roles=FINANCE,
    rule="§23",
    tags=MONEY,
    summary="Bank statements",
)
def list_statements(call: Call[None, PageQuery]) -> Answered:
    """
    The one taken in last first.
    """
    return statement_page(wiring.store().bank_books.statements(limit=call.query.limit, cursor=call.query.cursor))


@operation(
    "GET",
    "/v1/finance/statements/{id}",
    parameters={"id": STATEMENT},
    query=WholeQuery,
    response=StatementDetail,
    roles=FINANCE,
    rule="§23",
    tags=MONEY,
    summary="A bank statement row by row",
)
def get_statement(call: Call[None, WholeQuery]) -> Answered:
    """
    What became of every row, and whether an earlier file had told of it.
    """
    books = wiring.store().bank_books
    found = books.statement(call.path["id"])
    if found is None:
        raise ProblemError.because(Code.NOT_FOUND)
    return statement_detail(found, books.parts(found.id), query=call.query)


@operation(
    "GET",
    "/v1/finance/bank-lines",
    query=BankLinesQuery,
    response=BankLinePage,
    roles=FINANCE,
    rule="§23",
    tags=MONEY,
    summary="Bank lines that wait",
)
def list_bank_lines(call: Call[None, BankLinesQuery]) -> Answered:
    """
    Those that nobody has explained, with the cause and the age; or those that go back and have not left yet.
    """
    now, wanted = wiring.clock().now(), call.query
    found = wiring.store().bank_books.waiting(LineState(wanted.state), limit=wanted.limit, cursor=wanted.cursor)
    return line_page(found, today=wiring.rules_on(now).today(now))


@operation(
    "GET",
    "/v1/finance/bank-lines/{id}",
    parameters={"id": BANK_LINE},
    response=BankLineView,
    roles=FINANCE,
    rule="§23",
    tags=MONEY,
    summary="A bank line",
)
def get_bank_line(call: AnyCall) -> Answered:
    """
    What it is, who said so, who is on the other side and what he wrote.
    """
    now = wiring.clock().now()
    return line_view(line_of(call.path["id"]), today=wiring.rules_on(now).today(now))


@operation(
    "POST",
    "/v1/finance/bank-lines/{id}/match",
    parameters={"id": BANK_LINE},
    request=MatchRequest,
    response=BankLineView,
    roles=FINANCE,
    idempotency=Key.REQUIRED,
    problems=REFUSALS,
    rate=Rate.WRITE,
    rule="§23",
    tags=MONEY,
    summary="Give a bank line to a user",
)
def match_bank_line(call: Call[MatchRequest, None]) -> Answered:
    """
    It comes to his wallet, debts first, and he is told; who said so and why is kept.
    """
    return decided(call, LineVerdict(LineState.CREDITED, call.body.reason, call.body.reference, call.body.account))


@operation(
    "POST",
    "/v1/finance/bank-lines/{id}/return",
    parameters={"id": BANK_LINE},
    request=ReturnRequest,
    response=BankLineView,
    roles=FINANCE,
    idempotency=Key.REQUIRED,
    problems=REFUSALS,
    rate=Rate.WRITE,
    rule="§23",
    tags=MONEY,
    summary="Send a bank line back",
)
def return_bank_line(call: Call[ReturnRequest, None]) -> Answered:
    """
    It is owed to whom it came from until the bank's outgoing line is seen.
    """
    return decided(call, LineVerdict(LineState.RETURNED, call.body.reason))


@operation(
    "POST",
    "/v1/finance/bank-lines/{id}/explain",
    parameters={"id": BANK_LINE},
    request=ExplainRequest,
    response=BankLineView,
    roles=FINANCE,
    idempotency=Key.REQUIRED,
    problems=(*REFUSALS, Code.ALREADY_BANKED),
    rate=Rate.WRITE,
    rule="D30",
    tags=MONEY,
    summary="Say what else a bank line is",
)
def explain_bank_line(call: Call[ExplainRequest, None]) -> Answered:
    """
    A payout, an order to the budget, a return, the registrar's own money, or one that was told twice.
    """
    return decided(call, LineVerdict(LineState(call.body.state), call.body.reason, call.body.of))


@operation(
    "GET",
    "/v1/finance/bank-reconciliation",
    response=BankReconciliationView,
    roles=FINANCE,
    rule="D30",
    tags=MONEY,
    summary="The bank's books and ours",
)
def get_bank_reconciliation(_: AnyCall) -> Answered:
    """
    Do the statements join, does the ledger hold what they come to, and what lies between them, with cause and age.
    """
    now = wiring.clock().now()
    return reconciliation_view(wiring.reconcile_bank()(), today=wiring.rules_on(now).today(now))
