"""The table of access: which status each role gets from each address.

To add a page: add a `Row` to `tests/architecture/access/<app>.py` (and what it needs to exist to
`World`). A test fails for an address that no row covers.

    Row("providers:agency-list", in_place("provider", "provider_manager", ...),
        lambda world: {"code": world.provider.code}, about="our own")
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.architecture.world import NOBODY, PEOPLE, World

# Who may view the record of a place, whatever they may do to it.
VIEWERS = {
    "partnership": frozenset(
        [
            "lead",
            "commissioner",
            "care_manager",
            "approver",
            "analyst",
            "regional_reviewer",
            "national_reviewer",
            "administrator",
        ]
    ),
    "provider": frozenset(
        ["provider_manager", "provider_staff", "keyworker", "national_reviewer", "administrator"]
    ),
    "region": frozenset(["regional_reviewer", "national_reviewer", "administrator"]),
    "nation": frozenset(["national_reviewer", "administrator"]),
    "other_partnership": frozenset(["national_reviewer", "administrator"]),
    "other_provider": frozenset(["national_reviewer", "administrator"]),
    "other_region": frozenset(["national_reviewer", "administrator"]),
}
SIGN_IN = 302


def _nothing(_world: World) -> Mapping[str, Any]:
    return {}


def _unfinished(_world: World) -> Mapping[str, Any]:
    return {"of-no-field": "something"}


@dataclass(frozen=True)
class Row:
    """One address with one set of records."""

    url: str  # the URL's name
    expects: Mapping[str, int]  # what each of PEOPLE gets
    where: Callable[[World], Mapping[str, Any]] = _nothing
    about: str = ""  # whose record it is
    method: str = "get"
    data: Callable[[World], Mapping[str, Any]] = _nothing

    def __str__(self) -> str:
        return " ".join(filter(None, [self.method, self.url, self.about]))


def everybody(status: int = 200, **others: int) -> dict[str, int]:
    """The status for all who are signed in, but for those named; nobody is sent to sign in."""
    unknown = set(others) - set(PEOPLE)
    assert not unknown, f"No such people: {unknown}"
    return dict.fromkeys(PEOPLE, status) | {NOBODY: SIGN_IN} | others


def only(*allowed: str, then: int = 200, otherwise: int = 403) -> dict[str, int]:
    """Those named may; everybody else who is signed in gets `otherwise`."""
    return everybody(otherwise, **dict.fromkeys(allowed, then))


def in_place(place: str, *allowed: str, then: int = 200) -> dict[str, int]:
    """Those named may; others who may view the place get 403; to the rest it does not exist."""
    seen = dict.fromkeys(VIEWERS[place], 403)
    return everybody(404, **(seen | dict.fromkeys(allowed, then)))


def page_and_post(
    url: str,
    expects: Mapping[str, int],
    where: Callable[[World], Mapping[str, Any]] = _nothing,
    *,
    about: str = "",
    posted: int = 200,
) -> list[Row]:
    """A form: its page, and a post that fills in nothing, to which those who may get `posted`."""
    answers = {who: posted if status == 200 else status for who, status in expects.items()}
    return [
        Row(url, expects, where, about),
        Row(url, answers, where, about, method="post", data=_unfinished),
    ]


def _rows() -> list[Row]:
    modules = sorted(Path(__file__).with_name("access").glob("[a-z]*.py"))
    return [
        row
        for module in modules
        for row in importlib.import_module(f"tests.architecture.access.{module.stem}").ROWS
    ]


ROWS: list[Row] = _rows()
