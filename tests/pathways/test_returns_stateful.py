"""Whatever returns two agencies send, replace and undo, what is true is what the surviving returns
say: as if an empty system had loaded only those."""

import datetime as dt
import itertools
from dataclasses import dataclass

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from pathways.choices import UploadState
from pathways.services.confirming import NothingToLoad, confirm_upload
from pathways.services.loading import load_file, undo_return
from pathways.services.receiving import reject_upload
from providers.models import Agency
from tests.factories.commissioning import PartnershipFactory, RuleSetFactory
from tests.factories.pathways import row
from tests.factories.providers import AgencyFactory
from tests.in_any_order import InAnyOrder, holds
from tests.pathways.sent import MAY, SYSTEM, checked, return_of, state_of_the_system

AGENCIES = ("AG0001", "AG0002")
BEGAN = dt.date(2005, 11, 1)

# An episode a file may hold: whose, which, from when, how long, and what may change or be wrong.
episodes = st.fixed_dictionaries(
    {
        "person": st.integers(0, 2),
        "episode": st.integers(1, 2),
        "after": st.sampled_from([0, 30, 51, 60, 100, 170]),
        "stay": st.sampled_from([None, 9, 10, 30, 70]),
        "modalities": st.sampled_from([("2",), ("2", "4"), ("8",), ()]),
        "dat": st.sampled_from(["00EH", "20", "Z00B", ""]),
        "reason": st.sampled_from(["2", "6"]),
        "spoilt": st.sampled_from([False] * 5 + [True]),
        "consent": st.sampled_from(["Y"] * 6 + ["N"]),
    }
)
contents = st.lists(
    episodes, min_size=1, max_size=4, unique_by=lambda one: (one["person"], one["episode"])
)


def as_rows(agency, content):
    """The rows an agency's system would write."""
    return [line for one in content for line in _rows(agency, one)]


def _rows(agency, one):
    triaged = BEGAN + dt.timedelta(days=one["after"])
    ended = None if one["stay"] is None else triaged + dt.timedelta(days=one["stay"])
    triage, end = f"{triaged:%Y%m%d}", f"{ended:%Y%m%d}" if ended else ""
    for number, kind in enumerate(one["modalities"] or ("",)):
        dates = dict.fromkeys(("REFMODDT", "FAOMODDT", "MODST"), triage if kind else "")
        yield row(
            AGNCY=agency,
            CLIENTID=f"C{one['person']}",
            SINITIAL="ABC"[one["person"]],
            EPISODID=f"E{one['episode']}",
            CONSENT=one["consent"],
            DAT=one["dat"],
            REFLD="20061231" if one["spoilt"] else triage,
            TRIAGED=triage,
            MODAL=kind,
            MODID=f"M{number}" if kind else "",
            MODEND=end if kind else "",
            DISD=end,
            DISRSN=one["reason"] if ended else "",
            CPLANDT=triage,
            **dates,
        )


@dataclass(frozen=True)
class Sent:
    """A return that was loaded."""

    number: int
    agency: str
    rows: list
    remove_vanished: bool
    month: dt.date


class Returns(InAnyOrder):
    """Two agencies that share their clients. What follows from a return may join in below."""

    def __init__(self):
        super().__init__()
        self.numbers = itertools.count(1)
        self.standing: list[Sent] = []
        self.uploads = {}
        self.savepoint = transaction.savepoint()

    @rule(
        agency=st.sampled_from(AGENCIES),
        content=contents,
        remove_vanished=st.booleans(),
        is_of_a_new_month=st.booleans(),
        until=st.sampled_from(["checked", "rejected", *["loaded"] * 6]),
    )
    def send(self, agency, content, remove_vanished, is_of_a_new_month, until):
        rows = as_rows(agency, content)
        month = self.month_of(agency, is_of_a_new_month=is_of_a_new_month)
        upload = checked(rows, month=month)
        assert upload.state == UploadState.CHECKED
        if until == "rejected":
            reject_upload(upload=upload, reason="Not this one.", by=SYSTEM)
        if until == "loaded" and _load(upload, remove_vanished):
            sent = Sent(next(self.numbers), agency, rows, remove_vanished, month)
            self.uploads[sent.number] = upload
            self.standing.append(sent)
            self.follow()

    @rule(agency=st.sampled_from(AGENCIES), same=st.booleans())
    @precondition(lambda self: self.standing)
    def undo(self, agency, same):
        """Undo the agency's newest; `same`: and send it once more."""
        newest = next((one for one in reversed(self.standing) if one.agency == agency), None)
        if newest is None:
            return
        return_ = return_of(self.uploads[newest.number], Agency.objects.get(code=agency))
        undo_return(return_=return_, reason="So.", by=SYSTEM)
        self.standing.remove(newest)
        if same:
            upload = checked(newest.rows, month=newest.month)
            assert _load(upload, newest.remove_vanished)
            self.uploads[newest.number] = upload
            self.standing.append(newest)
        self.follow()

    def month_of(self, agency, *, is_of_a_new_month):
        """The month of the agency's last return, or the one after it; no agency goes back."""
        months = [one.month for one in self.standing if one.agency == agency]
        latest = max(months, default=MAY)
        return (latest + dt.timedelta(days=31)).replace(day=1) if is_of_a_new_month else latest

    def follow(self):
        """Do what a loaded or undone return announced."""

    def start_afresh(self):
        """Do what a system does that was given all its returns at once."""

    def state(self):
        return state_of_the_system()

    def teardown(self):
        try:
            now = self.state()
            transaction.savepoint_rollback(self.savepoint)
            for sent in self.standing:
                assert _load(checked(sent.rows, month=sent.month), sent.remove_vanished)
            self.start_afresh()
            assert now == self.state()
        finally:
            super().teardown()


def _load(upload, remove_vanished):
    try:
        confirm_upload(upload=upload, reason="So.", remove_vanished=remove_vanished, by=SYSTEM)
    except NothingToLoad:
        return False
    load_file(number=upload.number, by=SYSTEM)
    return True


def hold(machine, *, examples, steps):
    """Run the machine from two partnerships and two agencies."""
    RuleSetFactory()
    for code in ("00EH", "20"):
        PartnershipFactory(organisation__code=code)
    for code in AGENCIES:
        AgencyFactory(code=code)

    holds(machine, examples=examples, steps=steps)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("examples", "steps"), [(8, 7), pytest.param(60, 12, marks=pytest.mark.nightly)]
)
def test_what_is_true_is_what_the_surviving_returns_say(examples, steps):
    hold(Returns, examples=examples, steps=steps)
