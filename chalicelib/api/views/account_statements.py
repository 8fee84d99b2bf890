from chalicelib.api.languages import Language
from chalicelib.api.schemas.account_statements import AccountLineView, AccountStatementView, HeldView, StandingView
from chalicelib.api.schemas.fields import money
from chalicelib.domain.account_statements import Line, Standing
from chalicelib.gateways.account_statements.words import what_of
from chalicelib.usecases.draw_statement import StatementSeen


def statement_view(seen: StatementSeen, *, skip: int, language: Language) -> AccountStatementView:
    """
    Show a statement's figures and the lines that it holds.
    """
    made = seen.statement
    upto = skip + len(made.lines)
    return AccountStatementView(
        **{"from": made.period.first},
        to=made.period.last,
        drawn_at=made.drawn_at,
        opening=_standing(made.opening),
        came_in=money(made.came_in),
        went_out=money(made.went_out),
        closing=_standing(made.closing),
        count=made.count,
        held=[HeldView(booking=id_, number=seen.numbers.get(id_), amount=money(sum_)) for id_, sum_ in made.held_for.items()],
        items=[_line(seen, line, language) for line in made.lines],
        next_cursor=str(upto) if upto < made.count and made.lines else None,
    )


def _line(seen: StatementSeen, line: Line, language: Language) -> AccountLineView:
    posting = line.posting
    return AccountLineView(
        id=posting.id,
        at=posting.at,
        kind=posting.kind,
        what=what_of(posting, language.value),
        booking=posting.booking,
        number=seen.numbers.get(posting.booking or ""),
        checkpoint=posting.checkpoint,
        came_in=money(line.change) if line.change > 0 else None,
        went_out=money(-line.change) if line.change < 0 else None,
        after=_standing(line.standing),
    )


def _standing(standing: Standing) -> StandingView:
    return StandingView(
        available=money(standing.available), held=money(standing.held), debt=money(standing.debt), balance=money(standing.balance)
    )
