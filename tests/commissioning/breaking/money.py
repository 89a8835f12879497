"""Funding and the money ledger."""

import datetime as dt

from django.db.models import DecimalField, Value
from django.db.models.functions import Cast

from commissioning.models import Allocation, CarriedForward, Entry, Funding, PlanSum, Virement
from tests.architecture.constraints import again
from tests.factories.commissioning import PartnershipFactory, UserFactory
from tests.factories.ledger import DAY, allocated, line_of, plan_of, stream

AT = dt.datetime(2006, 6, 1, tzinfo=dt.UTC)
NAN = Cast(
    Value("NaN"), DecimalField(max_digits=12, decimal_places=2)
)  # which any comparison with `>=` alone lets through


def funding(**words):
    given = {"partnership": PartnershipFactory(), "year": 2006, "stream": stream(), "amount": 1}
    return Funding.objects.create(**given | words)


def part(amount=0):
    return allocated(line_of(plan_of()), amount)


def entry(allocation=None, **words):
    given = {"kind": "PAYMENT", "amount": 1, "cause": "a cause", "on": DAY, "system": "a test"}
    return Entry.objects.create(allocation=allocation or part(), **given | words)


def carried(**words):
    given = {"partnership": PartnershipFactory(), "year": 2006, "stream": stream(), "amount": 1}
    return CarriedForward.objects.create(**given | words)


def virement(**words):
    plan = plan_of()
    given = {
        "partnership": plan.partnership,
        "source": allocated(line_of(plan), 5),
        "target": allocated(line_of(plan), 5),
        "amount": 1,
        "cause": "a cause",
        "reason": "So.",
        "asked_by": UserFactory(),
    }
    return Virement.objects.create(**given | words)


def to_itself():
    own = part(5)
    virement(source=own, target=own)


def decided_by_who_asked():
    person = UserFactory()
    virement(asked_by=person, decided_by=person, decided_at=AT, state="APPROVED")


def released_beyond():
    commitment = entry(part(5), kind="COMMITMENT", amount=5)
    entry(commitment.allocation, kind="RELEASE", amount=-6, commitment=commitment)


BREAKING = {
    "stream_is_allocated_once_a_partnership_and_year": lambda: again(funding()),
    "funding_is_an_amount": lambda: funding(amount=NAN),
    "funding_standing_is_known": lambda: funding(standing="HOPED"),
    "line_takes_from_a_stream_once": lambda: again(part()),
    "allocation_is_an_amount": lambda: Allocation.objects.filter(pk=part().pk).update(amount=-1),
    "planned_is_not_less_than_nothing": lambda: entry(kind="ALLOCATION", amount=-1),
    "committed_is_not_less_than_nothing": released_beyond,
    "paid_is_not_less_than_nothing": lambda: entry(amount=-1),
    "sums_come_from_entries": lambda: Allocation.objects.filter(pk=part().pk).update(paid=5),
    "allocation_is_of_its_lines_plan": lambda: again(
        part(), stream=stream("police"), plan=plan_of()
    ),
    "allocation_stays_with_its_line": lambda: Allocation.objects.filter(pk=part().pk).update(
        line=line_of(plan_of())
    ),
    "sums_begin_with_nothing": lambda: again(part(5), stream=stream("police")),
    "plan_sums_come_from_allocations": lambda: PlanSum.objects.create(
        plan=plan_of(), stream=stream(), paid=5
    ),
    "entry_is_of_its_allocations_plan": lambda: entry(plan=plan_of()),
    "entry_is_made_once_a_cause": lambda: again(entry()),
    "entry_kind_is_known": lambda: entry(kind="GIFT"),
    "entry_is_an_amount": lambda: entry(amount=NAN),
    "sign_of_an_entry_is_its_kinds": lambda: entry(kind="COMMITMENT", amount=-1),
    "entry_has_a_cause": lambda: entry(cause=""),
    "entry_has_one_maker": lambda: entry(made_by=UserFactory()),
    "release_names_its_commitment": lambda: entry(kind="RELEASE", amount=-1),
    "ledger_is_append_only": lambda: Entry.objects.filter(pk=entry().pk).update(amount=2),
    "promise_stays_within_its_line": lambda: entry(part(5), kind="COMMITMENT", amount=6),
    "virement_is_asked_for_once_a_cause": lambda: again(virement()),
    "virement_moves_something": lambda: virement(amount=0),
    "virement_is_to_another_line": to_itself,
    "virement_state_is_known": lambda: virement(
        state="LOST", decided_by=UserFactory(), decided_at=AT
    ),
    "virement_has_a_reason": lambda: virement(reason=""),
    "virement_is_decided_by_another_person": decided_by_who_asked,
    "virement_is_decided_by_somebody_at_some_time": lambda: virement(state="APPROVED"),
    "stream_is_carried_forward_once": lambda: again(carried()),
    "something_is_carried_forward": lambda: carried(amount=0),
}
