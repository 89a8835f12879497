"""How long people waited: mean, median, nine in ten, longest, and long waits."""

from typing import ClassVar

from commissioning.reference.framework import Mark
from reporting.indicators.declared import Form, Indicator, Polarity
from reporting.indicators.waits import Waits
from reporting.indicators.within_target import Within, left_out


class Length(Indicator):
    """What these share: days from referral for the intervention to the offer."""

    family = Waits
    polarity = Polarity.LOWER
    unit = "days"
    source = Within.source
    mark: ClassVar[Mark] = "B"
    settings: ClassVar[tuple[str, ...]] = (
        "structured_modal_codes",
        "adult_age",
        "journey_join_days",
        "days_per_week",
    )
    why_it_matters = Within.why_it_matters
    good_looks_like = "Waits get shorter, and the long ones disappear first."


class _FirstVoluntary(Length):
    """First waits of voluntary clients."""

    denominator = "first_voluntary_waits"
    denominator_words = "First waits of voluntary clients"
    left_out = left_out("first_voluntary")
    turn, whose = "first", "voluntary"
    settings: ClassVar[tuple[str, ...]] = (*Length.settings, "criminal_justice_referral_codes")


class _FirstEveryone(Length):
    """First waits of everyone."""

    denominator = "first_everyone_waits"
    denominator_words = "First waits"
    left_out = left_out("first_everyone")
    turn, whose = "first", "everyone"


class Mean(_FirstVoluntary):
    """The mean first wait of voluntary clients: all their days of waiting divided by their
    number, for first structured interventions that started in the period.
    """

    code, title = "WAIT-MEAN", "Mean first wait, voluntary clients"
    form = Form.MEAN
    numerator, numerator_words = "first_voluntary_days", "Days waited, added up"


class Median(_FirstVoluntary):
    """The median first wait of voluntary clients: half of them waited no longer."""

    code, title = "WAIT-MEDIAN", "Median first wait, voluntary clients"
    form = Form.MEDIAN
    numerator, numerator_words = "first_voluntary_days", "Days waited, in order"


class NineInTen(_FirstVoluntary):
    """The number of days within which nine in ten voluntary clients were offered a first
    appointment.
    """

    code, title = "WAIT-P90", "First wait of nine in ten, voluntary clients"
    form, percentile = Form.PERCENTILE, 90
    numerator, numerator_words = "first_voluntary_days", "Days waited, in order"


class LongestVoluntary(_FirstVoluntary):
    """The longest first wait of a voluntary client whose intervention started in the period."""

    code, title = "WAIT-LONGEST", "Longest first wait, voluntary clients"
    form = Form.LONGEST
    numerator, numerator_words = "first_voluntary_longest", "The longest of the waits"


class MeanEveryone(_FirstEveryone):
    """The mean first wait: all days of waiting divided by the number of first waits, whoever
    referred the client.
    """

    code, title = "WAIT-MEAN-ALL", "Mean first wait, all clients"
    form = Form.MEAN
    numerator, numerator_words = "first_everyone_days", "Days waited, added up"


class MedianEveryone(_FirstEveryone):
    """The median first wait, whoever referred the client: half waited no longer."""

    code, title = "WAIT-MEDIAN-ALL", "Median first wait, all clients"
    form = Form.MEDIAN
    numerator, numerator_words = "first_everyone_days", "Days waited, in order"


class NineInTenEveryone(_FirstEveryone):
    """The number of days within which nine in ten clients were offered a first appointment."""

    code, title = "WAIT-P90-ALL", "First wait of nine in ten, all clients"
    form, percentile = Form.PERCENTILE, 90
    numerator, numerator_words = "first_everyone_days", "Days waited, in order"


class LongestEveryone(_FirstEveryone):
    """The longest first wait of an intervention that started in the period."""

    code, title = "WAIT-LONGEST-ALL", "Longest first wait, all clients"
    form = Form.LONGEST
    numerator, numerator_words = "first_everyone_longest", "The longest of the waits"


class MeanSubsequent(Length):
    """The mean wait for structured interventions other than the first of their journey."""

    code, title = "WAIT-NEXT-MEAN", "Mean subsequent wait, all clients"
    form = Form.MEAN
    numerator, numerator_words = "subsequent_everyone_days", "Days waited, added up"
    denominator = "subsequent_everyone_waits"
    denominator_words = "Subsequent waits"
    left_out = left_out("subsequent_everyone")
    turn, whose = "subsequent", "everyone"


class MedianSubsequent(MeanSubsequent):
    """The median wait for structured interventions other than the first of their journey."""

    code, title = "WAIT-NEXT-MEDIAN", "Median subsequent wait, all clients"
    form = Form.MEDIAN
    numerator_words = "Days waited, in order"


class LongFirst(_FirstEveryone):
    """First waits that came to {long_wait_days} or longer, of all first waits of interventions
    that started in the period. Every one of them is reviewed by the partnership and reported.
    """

    code, title = "WAIT-LONG", "Long first waits"
    form, unit = Form.SHARE, "%"
    numerator = "first_everyone_long"
    numerator_words = "First waits of the long-wait length or longer"
    settings = (*Length.settings, "long_wait_days")
    source = "NTA Treatment Effectiveness targets"
    mark = "R"
    good_looks_like = "None."
