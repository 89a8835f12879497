"""What an address asks of a figure: the period, what it is split by, what it is set against.

The whole state of a view is in its address, so that a link shows another reader the same view.
A value that names nothing is refused in a sentence that says what to write instead.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render

from commissioning.kernel.errors import DomainError
from commissioning.kernel.periods import Grain, Period
from commissioning.kernel.words import joined

GRAIN_WORDS = {Grain.MONTH: "Months", Grain.QUARTER: "Quarters", Grain.YEAR: "Financial years"}
FORMATS = ("csv", "json", "xlsx")
LONGEST_WAIT_ASKED = 3650  # days


class NotUnderstood(DomainError):
    """The address asks for something in words the page does not know."""


class NothingThere(DomainError):
    """The address is understood, and there is no figure at it."""


@dataclass(frozen=True)
class Choice:
    """One of several views of the same thing, and the address of it."""

    words: str
    href: str
    current: bool


def answers_plainly(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Turn what the page cannot show into a page that says why: 400, or 404 for no figure."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NothingThere as refused:
            return _said(request, str(refused), status=404)
        except DomainError as refused:
            return _said(request, str(refused), status=400)

    return answered


def _said(request: HttpRequest, sentence: str, *, status: int) -> HttpResponseBase:
    words = {
        "page_heading": "There is no such figure" if status == 404 else "The address is not clear",  # noqa: PLR2004
        "sentence": sentence,
        "plain_href": request.path,
    }
    return render(request, "reporting/indicator_refusal.html", words, status=status)


def period_asked(asked: QueryDict, known: Sequence[Period], *, complete: Period | None) -> Period:
    """The period in the address; without one the last of the grain that is complete.

    Raises `UnknownPeriod`, `NotUnderstood` or, where nothing was measured, `NothingThere`.
    """
    words, grain = asked.get("period", ""), grain_asked(asked)
    if words:
        period = Period.parse(words)
        if grain and period.grain is not grain:
            raise NotUnderstood(
                f"“{words}” is not one of the {GRAIN_WORDS[grain].lower()}. "
                "Leave out the period or the grain."
            )
        if period in known:
            return period
        reach = [one for one in known if one.grain is period.grain]
        raise NothingThere(
            f"Nothing was measured for {period.label}."
            + (f" Figures reach from {reach[0].label} to {reach[-1].label}." if reach else "")
        )
    of_grain = [one for one in known if one.grain is (grain or Grain.QUARTER)]
    if not of_grain:
        raise NothingThere("Nothing was measured yet. Figures appear once a return is loaded.")
    if complete and grain in {None, complete.grain}:
        return complete
    return of_grain[-1]


def grain_asked(asked: QueryDict) -> Grain | None:
    words = asked.get("grain", "")
    if not words:
        return None
    return Grain(one_of(words, [grain.value for grain in Grain], what="grain"))


def one_of(words: str, known: Sequence[str], *, what: str) -> str:
    """The words, when they are among the known; raises `NotUnderstood` naming those."""
    if words in known:
        return words
    raise NotUnderstood(f"“{words}” is no {what}. Write {or_joined(known)}.")


def several_of(words: str, known: Sequence[str], *, what: str) -> list[str]:
    """Words with commas between them, in the order known."""
    asked = {one_of(word, known, what=what) for word in words.split(",") if word}
    return [one for one in known if one in asked]


def days_asked(words: str, *, otherwise: int) -> int:
    """A number of days, such as `28`."""
    if not words:
        return otherwise
    if words.isascii() and words.isdecimal() and int(words) <= LONGEST_WAIT_ASKED:
        return int(words)
    raise NotUnderstood(f"“{words}” is no number of days. Write for example within=28.")


def format_asked(asked: QueryDict, formats: Sequence[str] = FORMATS) -> str:
    words = asked.get("format", "")
    return one_of(words, formats, what="format") if words else ""


def link(asked: QueryDict, **changes: str) -> str:
    """The query string of the view with some of it changed; an empty value leaves one out."""
    state = asked.copy()
    for name in ("format", "page", "chart", "width", "download"):
        state.pop(name, None)
    for name, value in changes.items():
        if value:
            state[name] = value
        else:
            state.pop(name, None)
    return f"?{state.urlencode(safe=',')}"


def choices(asked: QueryDict, name: str, words: Mapping[str, str], current: str) -> list[Choice]:
    """The values one part of the view can have, each with its address."""
    return [Choice(said, link(asked, **{name: value}), value == current)
            for value, said in words.items()]  # fmt: skip


def kept(asked: QueryDict, *besides: str) -> dict[str, str]:
    """What a form carries along unseen, so that it changes one part of the view only."""
    unseen = {"format", "page", "chart", "width", "download", *besides}
    return {name: str(asked[name]) for name in asked if name not in unseen}


def or_joined(words: Sequence[Any]) -> str:
    return joined(words).replace(" and ", " or ")
