"""Rows that break the promises about staff, records of quality and preferred providers."""

import datetime as dt
from decimal import Decimal

from django.db.models import DecimalField, Value
from django.db.models.functions import Cast

from providers.models import PreferredProvider, StaffCount
from tests.architecture.constraints import again
from tests.factories.quality import (
    CompetenceFactory,
    PreferredFactory,
    PreferredListFactory,
    QualityRecordFactory,
    RequirementFactory,
    StaffFactory,
)

# Any comparison with `>=` alone lets it through.
NAN = Cast(Value("NaN"), DecimalField(max_digits=6, decimal_places=2))


def staff_changed(**words):
    StaffCount.objects.filter(pk=StaffFactory().pk).update(**words)


def preferred_changed(**words):
    PreferredProvider.objects.filter(pk=PreferredFactory().pk).update(**words)


def ended_before_it_began():
    preferred = PreferredFactory()
    preferred.until_on, preferred.removed_for = preferred.from_on, "Closed"
    preferred.save()


BREAKING = {
    "staff_are_counted_once_a_role": lambda: again(StaffFactory()),
    "staff_are_a_number": lambda: staff_changed(in_post=NAN),
    "staff_role_is_known": lambda: StaffFactory(role="COOK", posts=Decimal(1)),
    "competence_is_counted_once_a_unit": lambda: again(CompetenceFactory()),
    "quality_record_kind_is_known": lambda: QualityRecordFactory(kind="PRAISE"),
    "quality_record_says_what_came_of_it": lambda: QualityRecordFactory(outcome=""),
    "quality_record_holds_a_day_or_more": lambda: QualityRecordFactory(
        held_on=dt.date(2006, 4, 1), holds_until=dt.date(2006, 4, 1)
    ),
    "requirement_is_answered_once": lambda: again(RequirementFactory()),
    "requirement_is_answered_with_evidence": lambda: RequirementFactory(evidence=""),
    "preferred_list_has_an_address_of_its_own": lambda: again(PreferredListFactory()),
    "provider_is_on_a_list_once": lambda: again(PreferredFactory()),
    "provider_is_preferred_on_evidence": lambda: PreferredFactory(evidence=""),
    "provider_is_preferred_a_day_or_more": ended_before_it_began,
    "provider_leaves_a_list_for_a_reason": lambda: preferred_changed(until_on=dt.date(2006, 5, 1)),
    "preference_is_reviewed_by_somebody": lambda: preferred_changed(
        reviewed_on=dt.date(2006, 5, 1)
    ),
}
