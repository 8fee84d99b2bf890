import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from chalicelib.domain import verification
from chalicelib.domain.decisions import Code
from chalicelib.domain.fees import Tariff
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.rules import Rules
from chalicelib.domain.vehicle_lists import RowFault
from chalicelib.jurisdictions import texts, wording
from chalicelib.jurisdictions.checkpoints import Checkpoint, QuotaClass, load_checkpoints, load_classes
from chalicelib.jurisdictions.fees import Fees, FeeSchedule, load_fees
from chalicelib.jurisdictions.phone_languages import PhoneLanguages, load_phone_languages
from chalicelib.jurisdictions.policies import Calendar, Policy, UnknownPolicyError, load_calendar, load_policies
from chalicelib.jurisdictions.reading import LANGUAGES, InvalidJurisdictionError, Texts
from chalicelib.jurisdictions.sources import Applies, Phase, Sources, load_sources
from chalicelib.jurisdictions.texts import Agreement, Problem, ProblemText
from chalicelib.jurisdictions.vehicle_lists import ListTexts, load_list_texts

KAZAKHSTAN: Final = Path(__file__).parent / "kz"

ASSUMPTIONS: Final = KAZAKHSTAN / "assumptions.json"
"""The local seed's overlay: figures nobody has decreed yet, marked so. No deployed stage loads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """
    A country as the queue knows it. Texts come in `languages`; money is whole hundredths of `currency`; days are local to `zone` (D32).
    """

    country: str
    zone: ZoneInfo
    currency: str
    languages: tuple[str, ...]
    checkpoints: Mapping[str, Checkpoint]
    classes: Mapping[str, QuotaClass]
    fees: Fees
    policies: Mapping[str, Policy]
    calendar: Calendar
    sources: Sources
    problems: Mapping[Code, ProblemText]
    field_messages: Mapping[str, Texts]
    notices: Mapping[str, Texts]
    findings: Mapping[str, Texts]
    names: Mapping[str, Texts]
    phone_languages: PhoneLanguages

    def checkpoint(self, checkpoint_id: str) -> Checkpoint | None:
        """
        Find a checkpoint by its slug, or none.
        """
        return self.checkpoints.get(checkpoint_id)

    @property
    def countries(self) -> Sequence[str]:
        """
        Name Kazakhstan and its neighbors: whose plates are met here most.
        """
        return self.country, *sorted({checkpoint.country for checkpoint in self.checkpoints.values()})

    def fees_on(self, day: date) -> FeeSchedule | None:
        """
        Give the fees due on a day of payment, or none where they are unknown (D27).
        """
        return self.fees.on(day)

    def policy(self, name: str, *, on: date) -> int:
        """
        Give a figure in force on a day, in its own unit (see `policies[name].unit`); none such raises `UnknownPolicyError`.
        """
        if name not in self.policies:
            raise UnknownPolicyError(name)
        return self.policies[name].on(on)

    def rules_on(self, day: date, decided: Mapping[str, int] = MappingProxyType({})) -> Rules:
        """
        Gather the figures in force on a day as the domain takes them: every field of `Rules` is a policy of the same name.

        `decided` are the registrar's own figures over the jurisdiction's, each in its policy's unit.
        """
        given: dict[str, Any] = {"zone": self.zone, "winter_months": self.calendar.winter_months}
        for field in fields(Rules):
            if field.name not in given:
                policy = self.policies[field.name]
                value = decided.get(field.name, policy.on(day))
                given[field.name] = policy.span(value) if field.type is timedelta else value
        return Rules(**given)

    def tariff_on(self, day: date) -> Tariff | None:
        """
        Give the same fees as the domain takes them, or none where they are unknown.
        """
        schedule = self.fees.on(day)
        if schedule is None:
            return None
        rates = schedule.rates
        return Tariff(
            since=max(schedule.mci.since, rates.since),
            mci=schedule.tiyn(1),
            multiples={PlaceClass(id_): multiple for id_, multiple in rates.classes.items()},
            secondary_multiple=rates.secondary,
            deposit_multiple=rates.deposit,
            source=rates.sources["general"],
            assumed=schedule.assumed,
        )

    def verification_sources(self) -> Sequence[verification.Source]:
        """
        List the registers as the domain takes them: one per source and subject, in the Order's sequence (§18, §19, D10, D11).
        """
        return [
            verification.Source(
                id=source.id,
                subject=asked.subject.value,
                residents=source.resident is not Applies.NOT_ASKED,
                non_residents=source.non_resident is not Applies.NOT_ASKED,
                before_place=source.phase is Phase.BEFORE_PLACE,
                notice_only_for_residents=source.resident is Applies.NOTICE,
                residency_of=asked.residency_of.value,
                keys=source.keys,
                recheck=source.recheck,
            )
            for source in self.sources.by_id.values()
            for asked in source.asked
        ]

    def problem(self, code: Code, language: str, parameters: Mapping[str, str | int] | None = None) -> Problem:
        """
        Tell a problem in a language: ids are named, amounts (tiyn) and instants written as people do.
        """
        text = self.problems[code]
        detail = text.detail(language, self._said(parameters or {}, language))
        return Problem(code, text.status, text.title[language], detail, text.next[language])

    def field_message(self, kind: str, language: str, context: Mapping[str, Any] | None = None) -> str:
        """
        Tell what is wrong with a field: `kind` is a validation error's type, `context` its figures; an unknown kind gets the general sentence.
        """
        text = self.field_messages.get(kind) or self.field_messages[texts.FALLBACK_FIELD_MESSAGE]
        return texts.fill(text[language], context or {})

    def notice(self, name: str, language: str, /, **parameters: str | int) -> str:
        """
        Word a notice for SMS and push (two SMS parts at most); an unknown notice or a missing parameter raises `KeyError`.

        Where a notice differs by what becomes of the deposit (`deposit="forgiven"`), by whom it is for (`to="driver"`) or by the waiting
        area (`leave_by=…`), that one is said.
        """
        variants = [
            *(f"{name}_{parameters[choice]}" for choice in ("deposit", "to") if choice in parameters),
            *([f"{name}_from_area"] if "leave_by" in parameters else []),
            name,
        ]
        chosen = next(variant for variant in variants if variant in self.notices or variant == name)
        return self.notices[chosen][language].format_map(self._said(parameters, language))

    def list_fault(self, fault: RowFault, language: str) -> str:
        """
        Say what is wrong with a row of a vehicle list, and how to mend it.
        """
        said = self._said(fault.parameters, language)
        return self.lists().said(row=fault.row, column=fault.column, code=fault.code, language=language, parameters=said)

    def language_of_phone(self, phone: str) -> str | None:
        """
        Give the language to write in to a number of which nothing else is known; none: one's own, the booking's is as good.
        """
        return self.phone_languages.of(phone)

    def finding(self, message: str, language: str, parameters: Mapping[str, str | int] | None = None, *, notice: bool = False) -> str:
        """
        Word what a register found, by the message code of its answer; an unknown code is said as the general finding.

        `notice` words it for one who is merely told, not refused (§19: a resident's fines and tolls).
        """
        told = self.findings.get(f"{message}_NOTICE") if notice else None
        text = told or self.findings.get(message) or self.findings["NOT_CONFIRMED"]
        return texts.fill(text[language], self._said(parameters or {}, language))

    def agreement(self) -> Agreement:
        """
        Give the user agreement in force.
        """
        return _agreement()

    def lists(self) -> ListTexts:
        """
        Give the texts of vehicle lists; read when first asked for.
        """
        return _lists()

    def _said(self, parameters: Mapping[str, str | int], language: str) -> dict[str, str]:
        return {
            name: wording.say(name=name, value=value, language=language, names=self.names, zone=self.zone)
            for name, value in parameters.items()
        }


@functools.cache
def jurisdiction(overlay: Path | None = None) -> Jurisdiction:
    """
    Load Kazakhstan once, validated; with an overlay (`ASSUMPTIONS`) on one machine only.
    """
    checkpoints, classes = load_checkpoints(KAZAKHSTAN / "checkpoints.json"), load_classes(KAZAKHSTAN / "classes.json")
    fees, sources = load_fees(KAZAKHSTAN / "fees.json", overlay), load_sources(KAZAKHSTAN / "sources.json")
    if any(set(rates.classes) != set(classes) for rates in fees.rates):
        raise InvalidJurisdictionError("fees.json: every class has its fee")
    return Jurisdiction(
        country="KZ",
        zone=ZoneInfo("Asia/Almaty"),
        currency="KZT",
        languages=LANGUAGES,
        checkpoints=checkpoints,
        classes=classes,
        fees=fees,
        policies=load_policies(KAZAKHSTAN / "policies.json"),
        calendar=load_calendar(KAZAKHSTAN / "calendar.json", KAZAKHSTAN / "policies.json"),
        sources=sources,
        phone_languages=load_phone_languages(KAZAKHSTAN / "phone_languages.json"),
        problems=texts.load_problems(KAZAKHSTAN / "problems.json"),
        field_messages=texts.load_texts(KAZAKHSTAN / "field_messages.json"),
        notices=texts.load_texts(KAZAKHSTAN / "messages.json"),
        findings=texts.load_texts(KAZAKHSTAN / "findings.json"),
        names=_names(checkpoints, classes, sources),
    )


@functools.cache
def _agreement() -> Agreement:
    return texts.load_agreement(KAZAKHSTAN)


@functools.cache
def _lists() -> ListTexts:
    return load_list_texts(KAZAKHSTAN / "vehicle_lists.json")


def _names(checkpoints: Mapping[str, Checkpoint], classes: Mapping[str, QuotaClass], sources: Sources) -> Mapping[str, Texts]:
    """
    Gather how ids are called in sentences: checkpoints, classes, statuses, neighbor countries, registers.
    """
    named = texts.load_texts(KAZAKHSTAN / "names.json")
    registers = {f"source:{source.id}": source.names for source in sources.by_id.values()}
    return {
        **named,
        **registers,
        **{checkpoint.id: checkpoint.names for checkpoint in checkpoints.values()},
        **{class_.id: class_.names for class_ in classes.values()},
    }
