"""Waits within target: first and subsequent, of voluntary clients, everyone, priority groups."""

from typing import ClassVar

from commissioning.reference.framework import Mark
from reporting.indicators.declared import Indicator
from reporting.indicators.waits import Waits

NEGATIVE = "The appointment is dated before the referral"
MISSING = "The date of referral or of the appointment is missing"


def left_out(of: str) -> dict[str, str]:
    """What waits leave out, by column."""
    return {f"{of}_negative": NEGATIVE, f"{of}_missing": MISSING}


class Within(Indicator):
    """What these share: the wait runs from referral for the intervention to the offer."""

    family = Waits
    source = "NTA Treatment Effectiveness targets; the dates after NDTMS MODAL fields"
    mark: ClassVar[Mark] = "B"
    settings: ClassVar[tuple[str, ...]] = (
        "wait_target_days",
        "structured_modal_codes",
        "adult_age",
        "journey_join_days",
    )
    why_it_matters = (
        "People who wait long for treatment often do not come. Short waits keep them, and spare"
        " harm to them and to others while they wait."
    )
    good_looks_like = "Nearly everyone is offered an appointment within the target."


class FirstVoluntary(Within):
    """People who seek treatment of their own accord and are offered a first appointment in time.

    Of the first structured interventions of a journey that started in the period, for clients
    not referred by the criminal justice system: those offered an appointment within the target
    number of days after the referral for the intervention.
    """

    code = "WAIT-FIRST"
    title = "First waits within target, voluntary clients"
    numerator = "first_voluntary_within"
    numerator_words = "First waits of voluntary clients no longer than the target"
    denominator = "first_voluntary_waits"
    denominator_words = "First waits of voluntary clients"
    left_out = left_out("first_voluntary")
    target_setting = "wait_target_percent"
    settings = (*Within.settings, "criminal_justice_referral_codes", "wait_target_percent")
    mark = "R"


class FirstEveryone(Within):
    """First structured interventions of a journey that started in the period and were offered
    within the target number of days after the referral for them, whoever referred the client.
    """

    code = "WAIT-FIRST-ALL"
    title = "First waits within target, all clients"
    numerator = "first_everyone_within"
    numerator_words = "First waits no longer than the target"
    denominator = "first_everyone_waits"
    denominator_words = "First waits"
    left_out = left_out("first_everyone")


class FirstPregnant(Within):
    """First waits of pregnant women no longer than the target of the group."""

    code = "WAIT-FIRST-PREGNANT"
    title = "First waits within target, pregnant women"
    numerator = "first_pregnant_within"
    numerator_words = "First waits of pregnant women no longer than their target"
    denominator = "first_pregnant_waits"
    denominator_words = "First waits of pregnant women"
    left_out = left_out("first_pregnant")
    settings = (*Within.settings, "pregnant_target_days", "pregnant_codes")


class FirstCriminalJustice(Within):
    """First waits of clients referred by the criminal justice system no longer than the target of
    the group.
    """

    code = "WAIT-FIRST-CJ"
    title = "First waits within target, criminal justice clients"
    numerator = "first_criminal_justice_within"
    numerator_words = "First waits of criminal justice clients no longer than their target"
    denominator = "first_criminal_justice_waits"
    denominator_words = "First waits of criminal justice clients"
    left_out = left_out("first_criminal_justice")
    settings = (
        *Within.settings,
        "criminal_justice_target_days",
        "criminal_justice_referral_codes",
    )


class FirstStimulant(Within):
    """First waits of clients whose main drug is a stimulant no longer than the target of the
    group.
    """

    code = "WAIT-FIRST-STIMULANT"
    title = "First waits within target, stimulant users"
    numerator = "first_stimulant_within"
    numerator_words = "First waits of stimulant users no longer than their target"
    denominator = "first_stimulant_waits"
    denominator_words = "First waits of stimulant users"
    left_out = left_out("first_stimulant")
    settings = (*Within.settings, "stimulant_target_days", "stimulant_drug_codes")


class SubsequentVoluntary(Within):
    """Structured interventions of voluntary clients, other than the first of their journey, that
    started in the period and were offered within the target number of days.
    """

    code = "WAIT-NEXT"
    title = "Subsequent waits within target, voluntary clients"
    numerator = "subsequent_voluntary_within"
    numerator_words = "Subsequent waits of voluntary clients no longer than the target"
    denominator = "subsequent_voluntary_waits"
    denominator_words = "Subsequent waits of voluntary clients"
    left_out = left_out("subsequent_voluntary")
    settings = (*Within.settings, "criminal_justice_referral_codes")


class SubsequentEveryone(Within):
    """Structured interventions, other than the first of their journey, that started in the period
    and were offered within the target number of days.
    """

    code = "WAIT-NEXT-ALL"
    title = "Subsequent waits within target, all clients"
    numerator = "subsequent_everyone_within"
    numerator_words = "Subsequent waits no longer than the target"
    denominator = "subsequent_everyone_waits"
    denominator_words = "Subsequent waits"
    left_out = left_out("subsequent_everyone")


class SubsequentPregnant(Within):
    """Subsequent waits of pregnant women no longer than the target of the group."""

    code = "WAIT-NEXT-PREGNANT"
    title = "Subsequent waits within target, pregnant women"
    numerator = "subsequent_pregnant_within"
    numerator_words = "Subsequent waits of pregnant women no longer than their target"
    denominator = "subsequent_pregnant_waits"
    denominator_words = "Subsequent waits of pregnant women"
    left_out = left_out("subsequent_pregnant")
    settings = FirstPregnant.settings


class SubsequentCriminalJustice(Within):
    """Subsequent waits of clients referred by the criminal justice system no longer than the
    target of the group.
    """

    code = "WAIT-NEXT-CJ"
    title = "Subsequent waits within target, criminal justice clients"
    numerator = "subsequent_criminal_justice_within"
    numerator_words = "Subsequent waits of criminal justice clients no longer than their target"
    denominator = "subsequent_criminal_justice_waits"
    denominator_words = "Subsequent waits of criminal justice clients"
    left_out = left_out("subsequent_criminal_justice")
    settings = FirstCriminalJustice.settings


class SubsequentStimulant(Within):
    """Subsequent waits of clients whose main drug is a stimulant no longer than the target of the
    group.
    """

    code = "WAIT-NEXT-STIMULANT"
    title = "Subsequent waits within target, stimulant users"
    numerator = "subsequent_stimulant_within"
    numerator_words = "Subsequent waits of stimulant users no longer than their target"
    denominator = "subsequent_stimulant_waits"
    denominator_words = "Subsequent waits of stimulant users"
    left_out = left_out("subsequent_stimulant")
    settings = FirstStimulant.settings
