"""The indicators in force, in the order they are shown. A written list: tests hold it complete."""

from commissioning.kernel.errors import DomainError
from reporting.indicators import (
    care,
    lengths_of_wait,
    planned_exits,
    referrals,
    retention,
    treatment,
    waiting_lists,
    within_target,
)
from reporting.indicators.declared import Indicator


class UnknownIndicator(DomainError):
    """No indicator has this code."""


IN_FORCE: dict[str, type[Indicator]] = {
    indicator.code: indicator
    for indicator in (
        within_target.FirstVoluntary,
        within_target.FirstEveryone,
        within_target.FirstPregnant,
        within_target.FirstCriminalJustice,
        within_target.FirstStimulant,
        within_target.SubsequentVoluntary,
        within_target.SubsequentEveryone,
        within_target.SubsequentPregnant,
        within_target.SubsequentCriminalJustice,
        within_target.SubsequentStimulant,
        lengths_of_wait.Mean,
        lengths_of_wait.Median,
        lengths_of_wait.NineInTen,
        lengths_of_wait.LongestVoluntary,
        lengths_of_wait.MeanEveryone,
        lengths_of_wait.MedianEveryone,
        lengths_of_wait.NineInTenEveryone,
        lengths_of_wait.LongestEveryone,
        lengths_of_wait.MeanSubsequent,
        lengths_of_wait.MedianSubsequent,
        lengths_of_wait.LongFirst,
        waiting_lists.OpenWaits,
        waiting_lists.OpenFirstWaits,
        waiting_lists.LongOpenWaits,
        waiting_lists.OfferedNotStarted,
        treatment.NumbersInTreatment,
        treatment.NewJourneys,
        retention.OfNewJourneys,
        retention.OfDischarged,
        retention.EffectiveTreatment,
        planned_exits.Planned2006,
        planned_exits.Planned2009,
        care.CarePlans,
        care.Tier4Completed,
        referrals.BySelf,
        referrals.ByGeneralPractice,
        referrals.ByDrugService,
        referrals.ByCriminalJustice,
    )
}


def indicator_of(code: str) -> type[Indicator]:
    """The indicator with this code, in any case of letters. Raises `UnknownIndicator`."""
    found = IN_FORCE.get(code.upper())
    if found is None:
        raise UnknownIndicator(f"There is no indicator “{code}”. The list names those there are.")
    return found
