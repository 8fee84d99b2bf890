"""
The event and the messages that every change of a booking writes beside itself.
"""

from collections.abc import Mapping
from datetime import date, datetime

from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.complaints import Complaint
from chalicelib.domain.notices import told_of
from chalicelib.domain.payments import PaymentAttempt
from chalicelib.domain.records import Account, Event, OutboxMessage, Task
from chalicelib.domain.replay import whole
from chalicelib.domain.rules import Rules


def event_of(
    *,
    booking: Booking,
    happening: Happening,
    at: datetime,
    by: str,
    rules: Rules,
    ground: str | None = None,
    detail: Mapping[str, str | int | None] | None = None,
) -> Event:
    """
    Write down what happened to a booking; its version names the event.
    """
    day = rules.today(at)
    return Event(
        id=f"{booking.checkpoint}.{day}.{booking.id}.{booking.version:06d}",
        aggregate=booking.id,
        aggregate_version=booking.version,
        checkpoint=booking.checkpoint,
        day=day,
        kind=happening.value,
        at=at,
        by=by,
        ground=ground,
        detail=detail or {},
        change=booking.changed or whole(booking),
    )


def message(*, task: Task, booking: Booking, at: datetime, **payload: str | int | None) -> OutboxMessage:
    """
    Ask for something to follow the booking's commit; one of a kind per version, checkpoint, and payload's template or day.
    """
    suffix = "".join(f".{payload[name]}" for name in ("template", "day") if payload.get(name))
    return OutboxMessage(
        id=f"{task.value}.{booking.checkpoint}.{booking.id}.{booking.version:06d}{suffix}",
        task=task,
        aggregate=booking.id,
        aggregate_version=booking.version,
        created_at=at,
        due_at=at,
        payload={"booking": booking.id, "account": booking.account, "checkpoint": booking.checkpoint, **payload},
    )


def notice(*, template: str, booking: Booking, at: datetime, **payload: str | int | None) -> OutboxMessage:
    """
    Tell the user and, where it concerns the trip, every driver: with the figures of this version, so that it can be seen when they are none any more.
    """
    return message(task=Task.NOTIFY, booking=booking, at=at, template=template, **{**told_of(booking), **payload})


def office_event(
    *,
    subject: Account | Complaint,
    kind: str,
    at: datetime,
    by: str,
    rules: Rules,
    ground: str,
    detail: Mapping[str, str | int | None] | None = None,
) -> Event:
    """
    Write down what happened to an account or a complaint: things of no checkpoint lie in rooms of their own.
    """
    day, room = rules.today(at), "accounts" if isinstance(subject, Account) else "complaints"
    return Event(
        id=f"{room}.{day}.{subject.id}.{subject.version:06d}",
        aggregate=subject.id,
        aggregate_version=subject.version,
        checkpoint=room,
        day=day,
        kind=kind,
        at=at,
        by=by,
        ground=ground,
        detail=detail or {},
    )


def account_notice(
    *, template: str, account: str, aggregate: str, version: int, at: datetime, language: str, **payload: str | int | None
) -> OutboxMessage:
    """
    Tell a person about an account or a complaint, in the language of his cabinet.
    """
    return OutboxMessage(
        id=f"{Task.NOTIFY.value}.{aggregate}.{version:06d}.{template}.{account}",
        task=Task.NOTIFY,
        aggregate=aggregate,
        aggregate_version=version,
        created_at=at,
        due_at=at,
        payload={"account": account, "template": template, "language": language, **payload},
    )


def standing_change(*, account: str, cause: str, version: int, at: datetime) -> OutboxMessage:
    """
    Have an account's bookings follow its block and its debt; `cause` and its version name the change.
    """
    return OutboxMessage(f"{Task.STANDING.value}.{cause}.{version:06d}", Task.STANDING, account, version, at, at, {"account": account})


def photographs_of(complaint: Complaint, at: datetime) -> OutboxMessage:
    """
    Have the photographs that a complaint bears on follow it: held while it is open, left to their term once it is decided (D31).
    """
    id_ = f"{Task.PHOTOGRAPHS.value}.{complaint.id}.{complaint.version:06d}"
    return OutboxMessage(id_, Task.PHOTOGRAPHS, complaint.id, complaint.version, at, at, {"complaint": complaint.id})


def photographs_of_dispute(attempt: PaymentAttempt, at: datetime) -> OutboxMessage:
    """
    Have the photographs of the trip that a disputed payment paid kept for as long as its payer's bank takes to decide (D28, D31).
    """
    id_ = f"{Task.PHOTOGRAPHS.value}.{attempt.id}.{attempt.version:06d}"
    return OutboxMessage(id_, Task.PHOTOGRAPHS, attempt.id, attempt.version, at, at, {"attempt": attempt.id})


def load_change(booking: Booking, at: datetime, *, day: date | None = None) -> OutboxMessage:
    """
    Have the load of the booked day recomputed, or that of the day it has left.
    """
    return message(task=Task.LOAD, booking=booking, at=at, day=str(day or booking.day))


def gate_changes(booking: Booking, at: datetime) -> tuple[OutboxMessage, ...]:
    """
    Have the gateway's list and the board follow.
    """
    return message(task=Task.ADMISSIONS, booking=booking, at=at), message(task=Task.BOARD, booking=booking, at=at)
