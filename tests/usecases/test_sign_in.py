"""
Sign-in by a code: derived, never stored, good once; tokens rotate, a spent one ends the family (§15).
"""

import json
from dataclasses import replace

import pytest

from chalicelib.domain.decisions import Code, Refused
from chalicelib.usecases.sign_in import CODES_A_WINDOW
from chalicelib.usecases.sign_in import Tokens as Signed
from tests.fakes.gathering import at_once
from tests.fakes.snapshots import Snapshots

PHONE = "+77011234567"


def asked(office, phone=PHONE):
    """
    Ask for a code: the challenge's id.
    """
    return office.sign_in.request_code(phone=phone, channel="sms", language="kk").id


def right(office, challenge):
    """
    Give the code that was sent.
    """
    return office.sign_in.codes.code_of(challenge)


def wrong(office, challenge):
    """
    Give a code that was not sent.
    """
    return f"{(int(right(office, challenge)) + 1) % 1_000_000:06d}"


def signed_in(office):
    """
    Sign in: the tokens.
    """
    challenge = asked(office)
    return office.sign_in.verify_code(challenge=challenge, code=right(office, challenge))


INVALID = Refused.because(Code.OTP_INVALID)
SIGNED_OUT = Refused.because(Code.UNAUTHENTICATED)


@pytest.mark.rule("15")
class TestCode:
    def test_opens_one_account_a_phone(self, office):
        """
        The first sign-in opens the account, later ones find it; another phone has another.
        """
        accounts = [json.loads(tokens.access)["sub"] for tokens in (signed_in(office), signed_in(office))]
        challenge = asked(office, "+77019999999")
        other = office.sign_in.verify_code(challenge=challenge, code=right(office, challenge))

        assert 1 == len(set(accounts))
        assert json.loads(other.access)["sub"] != accounts[0]

    def test_opens_one_account_for_two_at_once(self, office):
        """
        Two codes of a new phone confirmed at once lead to one account.
        """
        challenges = [asked(office), asked(office)]
        tokens = at_once(*(lambda c=c: office.sign_in.verify_code(challenge=c, code=right(office, c)) for c in challenges))

        assert 1 == len({json.loads(each.access)["sub"] for each in tokens})

    def test_is_good_once(self, office):
        """
        A used code is no code; of two at once one signs in.
        """
        challenge = asked(office)
        enter = lambda: office.sign_in.verify_code(challenge=challenge, code=right(office, challenge))  # noqa: E731

        first = at_once(enter, enter)

        assert 1 == sum(isinstance(each, Signed) for each in first)
        assert INVALID == enter()

    def test_is_burnt_by_five_wrong_ones(self, office):
        """
        Four wrong tries leave the fifth; after five wrong ones the right one is refused, also when they came at once.
        """
        challenge = asked(office)
        for _ in range(4):
            assert INVALID == office.sign_in.verify_code(challenge=challenge, code=wrong(office, challenge))
        assert isinstance(office.sign_in.verify_code(challenge=challenge, code=right(office, challenge)), Signed)

        burnt = asked(office)
        at_once(*([lambda: office.sign_in.verify_code(challenge=burnt, code=wrong(office, burnt))] * 5))
        assert INVALID == office.sign_in.verify_code(challenge=burnt, code=right(office, burnt))

    def test_expires_after_five_minutes(self, office):
        """
        Until its end and not from it on.
        """
        early, late = asked(office), asked(office)
        office.clock.advance(minutes=4, seconds=59)
        assert isinstance(office.sign_in.verify_code(challenge=early, code=right(office, early)), Signed)
        office.clock.advance(seconds=1)

        assert INVALID == office.sign_in.verify_code(challenge=late, code=right(office, late))

    @pytest.mark.parametrize("challenge", ["", "chl_none"])
    def test_of_no_challenge_is_refused(self, office, challenge):
        """
        Nothing asked, nothing opened; not even for an empty name.
        """
        assert INVALID == office.sign_in.verify_code(challenge=challenge, code="000000")

    def test_may_be_asked_for_ten_times_in_ten_minutes(self, office):
        """
        The eleventh is refused, another phone is not; after the window it begins anew.
        """
        for _ in range(CODES_A_WINDOW):
            asked(office)

        limit = office.sign_in.request_code(phone=PHONE, channel="sms", language="kk")
        assert [Code.RATE_LIMITED] == [reason.code for reason in limit.reasons]
        assert asked(office, "+77019999999")
        office.clock.advance(minutes=10)
        assert asked(office)

    def test_and_phone_stand_in_no_row(self, office):
        """
        No table of the queue holds the code or the phone; the message names the challenge and the person by id.
        """
        challenge = asked(office)
        rows = json.dumps(Snapshots(office.store).take())

        assert challenge in rows
        assert PHONE not in rows
        assert f'"{right(office, challenge)}"' not in rows


@pytest.mark.rule("15")
class TestRefresh:
    def test_rotates(self, office):
        """
        Each refresh token works once and gives the next; the account stays.
        """
        tokens = signed_in(office)
        account = json.loads(tokens.access)["sub"]
        for _ in range(3):
            fresh = office.sign_in.refresh(token=tokens.refresh)
            assert fresh.refresh != tokens.refresh
            assert account == json.loads(fresh.access)["sub"]
            tokens = fresh

    def test_of_a_spent_token_ends_the_family(self, office):
        """
        A token used twice was stolen by somebody: neither it nor its successor works from then on.
        """
        first = signed_in(office)
        second = office.sign_in.refresh(token=first.refresh)

        assert SIGNED_OUT == office.sign_in.refresh(token=first.refresh)
        assert SIGNED_OUT == office.sign_in.refresh(token=second.refresh)

    def test_leaves_other_sign_ins_alone(self, office):
        """
        The phone's family ends, the tablet's goes on.
        """
        phone, tablet = signed_in(office), signed_in(office)
        office.sign_in.refresh(token=phone.refresh)
        office.sign_in.refresh(token=phone.refresh)

        assert isinstance(office.sign_in.refresh(token=tablet.refresh), Signed)

    def test_ends_after_thirty_days(self, office):
        """
        A token nobody used for a month is spent.
        """
        tokens = signed_in(office)
        office.clock.advance(days=30)

        assert SIGNED_OUT == office.sign_in.refresh(token=tokens.refresh)

    @pytest.mark.parametrize("token", ["", ".", "ses_none.x", ".x", "ses_none"])
    def test_of_nonsense_is_refused(self, office, token):
        """
        A token that nobody issued changes nothing.
        """
        assert SIGNED_OUT == office.sign_in.refresh(token=token)
        office.sign_in.sign_out(token=token)

    def test_is_over_after_signing_out(self, office):
        """
        Signing out ends the family; a foreign secret does not.
        """
        tokens = signed_in(office)
        office.sign_in.sign_out(token=tokens.refresh.partition(".")[0] + ".guess")
        tokens = office.sign_in.refresh(token=tokens.refresh)
        office.sign_in.sign_out(token=tokens.refresh)

        assert SIGNED_OUT == office.sign_in.refresh(token=tokens.refresh)

    def test_is_loosened_for_load_tests_alone(self, office):
        """
        The limit of codes is multiplied by the factor that is set.
        """
        loose = replace(office.sign_in, limits_factor=lambda: 2)
        for _ in range(2 * CODES_A_WINDOW):
            assert not isinstance(loose.request_code(phone=PHONE, channel="sms", language="kk"), Refused)
        assert isinstance(loose.request_code(phone=PHONE, channel="sms", language="kk"), Refused)
