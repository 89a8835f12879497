"""Who was waiting at the end of the period."""

from typing import ClassVar

from commissioning.reference.framework import Mark
from reporting.indicators.declared import Form, Indicator, Polarity
from reporting.indicators.waiting import Waiting


class OnTheList(Indicator):
    """What these share: a count on the last day of the period, or the last day known of it."""

    family = Waiting
    form = Form.COUNT
    polarity = Polarity.LOWER
    unit = "waits"
    source = "NTA waiting lists; the day of counting is the end of the period"
    mark: ClassVar[Mark] = "B"
    settings: ClassVar[tuple[str, ...]] = (
        "structured_modal_codes",
        "adult_age",
        "journey_join_days",
    )
    why_it_matters = (
        "Waits that have ended tell of the past. A list that grows tells of waits to come."
    )
    good_looks_like = "A short list, with nobody long on it."


class OpenWaits(OnTheList):
    """Structured interventions asked for by the end of the period, for which no appointment had
    been offered and which had not begun, ended or been overtaken by the discharge.
    """

    code, title = "WAITING-OPEN", "Waiting without an offer"
    numerator, numerator_words = "open_waits", "Waits with nothing offered"


class OpenFirstWaits(OnTheList):
    """Of the waits without an offer, those of people not in structured treatment and not out of
    it for fewer days than episodes take to join.
    """

    code, title = "WAITING-FIRST", "Waiting for a first intervention without an offer"
    numerator, numerator_words = "open_first", "First waits with nothing offered"


class LongOpenWaits(OnTheList):
    """Waits without an offer that had lasted {long_wait_days} or longer by the end of the
    period.
    """

    code, title = "WAITING-LONG", "Long waits without an offer"
    numerator, numerator_words = "open_long", "Waits with nothing offered, of the long-wait length"
    settings = (*OnTheList.settings, "long_wait_days")
    source = "NTA Treatment Effectiveness targets"
    mark = "R"
    good_looks_like = "None."


class OfferedNotStarted(OnTheList):
    """Structured interventions with an appointment offered by the end of the period that had not
    begun. Where the data ends with the period, an appointment in the future counts as offered.
    """

    code, title = "WAITING-OFFERED", "Offered and not started"
    numerator, numerator_words = "offered_not_started", "Offered and not started"
    polarity = Polarity.NEITHER
    good_looks_like = "People begin soon after the appointment; few fall between."
