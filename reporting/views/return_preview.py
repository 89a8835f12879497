"""What a provider's figures will become, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from commissioning.kernel.words import MISSING, count
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.tables import moment
from pathways.choices import UploadState
from pathways.selectors.returns import ReachedReturn
from reporting.models import ReturnPreview
from reporting.rules.rounding import whole_percent

A_POINT = 0.01
LESS_THAN_A_POINT = "less than a point"


@dataclass(frozen=True)
class Coming:
    """A figure in one period: `83% → 79%`, and `41 of 52`."""

    change: str
    of: str = ""


@dataclass(frozen=True)
class Reason:
    """A group of records and what it does to the figure; the records for whoever may see them."""

    sentence: str
    records: Sequence[Sequence[str]] = ()
    more: int = 0


@dataclass(frozen=True)
class ComingFigure:
    """One indicator: what it becomes in each period, and which records move it most."""

    label: str
    cells: Sequence[Coming]
    reasons: Sequence[Reason] = ()


@dataclass(frozen=True)
class Preview:
    """The whole of it. `year` is the period that reasons are about."""

    made_at: str
    periods: Sequence[str]
    year: str
    figures: Sequence[ComingFigure]


def preview_of(person: User, reached: ReachedReturn) -> Preview | None:
    """What was worked out while the file waits to be confirmed; None where nothing was."""
    if not reached.is_whole or reached.upload.state != UploadState.CHECKED:
        return None
    made = (
        ReturnPreview.objects.permitted(person, Permission.RETURN_VIEW)
        .filter(upload=reached.upload)
        .first()
    )
    if made is None:
        return None
    held = made.figures
    periods = [one["label"] for one in held["periods"]]
    figures = [_figure(one, names_records=reached.may_see_records) for one in held["shares"]]
    people = [Coming(f"{count(old)} → {count(new)}") for old, new in held["people"]]
    return Preview(
        made_at=moment(made.made_at),
        periods=periods,
        year=periods[-1],
        figures=[*figures, ComingFigure("People in treatment", people)],
    )


def _figure(share: dict[str, Any], *, names_records: bool) -> ComingFigure:
    reasons = [
        _reason(f"{one['said']} {_does(one['effect'])}.", one, names_records=names_records)
        for one in share["moves"]
    ]
    if fault := share["fault"]:
        reasons.append(_reason(said_of_fault(fault), fault, names_records=names_records))
    return ComingFigure(share["label"], [_coming(*cell) for cell in share["cells"]], reasons)


def _coming(before: Sequence[int], now: Sequence[int]) -> Coming:
    if not (before[1] or now[1]):
        return Coming(MISSING)
    return Coming(f"{_percent(before)} → {_percent(now)}", f"{now[0]:,} of {now[1]:,}")


def _percent(share: Sequence[int]) -> str:
    return f"{whole_percent(share[0], share[1])}%" if share[1] else MISSING


def _reason(sentence: str, held: dict[str, Any], *, names_records: bool) -> Reason:
    if not names_records:
        return Reason(sentence)
    return Reason(sentence, held["records"], held["many"] - len(held["records"]))


def _does(effect: float) -> str:
    return f"{'raise' if effect > 0 else 'lower'} it by {_points(effect)}"


def said_of_fault(fault: dict[str, Any]) -> str:
    """What can be put right, and what it costs a share at most."""
    if not fault["effect"]:
        return f"{fault['said']}."
    points = _points(fault["effect"])
    at_most = "" if points == LESS_THAN_A_POINT else "up to "
    return f"{fault['said']} cost you {at_most}{points}."


def _points(effect: float) -> str:
    points = round(abs(effect) / A_POINT)
    if not points:
        return LESS_THAN_A_POINT
    return "1 point" if points == 1 else f"{points} points"
