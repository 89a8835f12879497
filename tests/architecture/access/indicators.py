"""Indicators: anybody signed in may read what is released about any area."""

import datetime as dt

from reporting.choices import ENGLAND_CODE
from reporting.models import MeasuredPeriod
from tests.architecture.access_table import Row, everybody

ONE = {"indicator": "WAIT-FIRST"}
PAGES = ("area-indicators", "area-indicator", "area-indicator-svg", "area-indicator-json")


def measure(world):
    """Something was measured, and counted nobody."""
    MeasuredPeriod.objects.get_or_create(
        grain="quarter",
        start=dt.date(2006, 10, 1),
        defaults={
            "rule_set": world.rule_set,
            "measured_at": dt.datetime(2007, 2, 1, tzinfo=dt.UTC),
            "cut_off": dt.date(2007, 1, 31),
        },
    )


def where(place, kind, **of):
    """The keywords of an address, once something is measured."""

    def keywords(world):
        measure(world)
        code = ENGLAND_CODE if kind == "england" else getattr(world, place).code
        return {"kind": kind, "code": code, **of}

    return keywords


def measured(**of):
    def keywords(world):
        measure(world)
        return of

    return keywords


ROWS = [
    Row("reporting:indicator-list", everybody(), measured()),
    Row("reporting:indicator-detail", everybody(), measured(**ONE)),
    Row("reporting:indicator-definition", everybody(), measured(**ONE)),
    # With nobody counted anywhere there is nothing to draw across areas.
    Row("reporting:indicator-svg", everybody(404), measured(**ONE)),
    Row("reporting:indicator-json", everybody(404), measured(**ONE)),
    *(
        Row(
            f"reporting:{page}",
            everybody(),
            where(place, kind, **({} if page == "area-indicators" else ONE)),
            about=about,
        )
        for page in PAGES
        for kind, place, about in (
            ("england", "nation", "England"),
            ("region", "region", "our own region"),
            ("partnership", "partnership", "our own partnership"),
            ("partnership", "other_partnership", "another's partnership"),
            ("provider", "provider", "our own provider"),
            ("provider", "other_provider", "another's provider"),
        )
    ),
]
