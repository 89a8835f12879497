"""Why a number moved, in words: what it was, what it is, and what made the difference."""

from dataclasses import dataclass

from commissioning.components import DataTable
from commissioning.kernel import words
from commissioning.kernel.periods import Period
from commissioning.models import User
from commissioning.tables import moment
from reporting.indicators.declared import Form, Indicator
from reporting.selectors.areas import Area
from reporting.services.explain import Explanation, Part, explain


@dataclass(frozen=True)
class Movement:
    """The panel: a sentence, and a line for each cause."""

    sentence: str
    table: DataTable | None = None
    note: str = ""


def movement_of(
    indicator: type[Indicator], area: Area, period: Period, *, seen_by: User
) -> Movement:
    """For those who see the figure exactly: a change of one is a person."""
    found = explain(indicator=indicator, area=area, period=period, by=seen_by)
    if found is None:
        return Movement("It has not moved since it was first measured.")
    columns = _columns(indicator)
    return Movement(
        sentence=_sentence(found, indicator),
        table=DataTable(
            ["What made the difference", *columns],
            [
                *([part.cause.label, *_signed(part, indicator)] for part in found.parts),
                ["Together", *_together(found, indicator)],
            ],
        ),
        note="Counts of records before and after; they add up exactly.",
    )


def _columns(indicator: type[Indicator]) -> list[str]:
    if indicator.form is Form.COUNT:
        return [indicator.numerator_words]
    return [indicator.numerator_words, indicator.denominator_words]


def _signed(part: Part, indicator: type[Indicator]) -> list[str]:
    return _of(indicator, signed(part.numerator), signed(part.denominator))


def _together(found: Explanation, indicator: type[Indicator]) -> list[str]:
    return _of(
        indicator,
        signed(found.numerator_now - found.numerator_before),
        signed(found.denominator_now - found.denominator_before),
    )


def _of(indicator: type[Indicator], above: str, below: str) -> list[str]:
    return [above] if indicator.form is Form.COUNT else [above, below]


def _sentence(found: Explanation, indicator: type[Indicator]) -> str:
    when = moment(found.refresh.ended_at)
    if indicator.form is Form.COUNT:
        was, now = words.count(found.numerator_before), words.count(found.numerator_now)
    elif indicator.form is Form.SHARE:
        was = f"{words.count(found.numerator_before)} of {words.count(found.denominator_before)}"
        now = f"{words.count(found.numerator_now)} of {words.count(found.denominator_now)}"
    else:
        was = words.count(found.denominator_before)
        now = f"{words.count(found.denominator_now)} waits"
    return f"When it last changed, on {when}, it went from {was} to {now}."


def signed(number: int) -> str:
    """A change of a count with its sign: +12, −3, 0."""
    return f"+{number:,}" if number > 0 else words.count(number)
