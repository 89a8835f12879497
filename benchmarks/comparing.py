"""Every figure held against pandas: how many cells, how many differ, and how long each took."""

import datetime as dt
from pathlib import Path

import pandas as pd
from django.db import connection
from psycopg import sql

from benchmarks.measuring import Line, taken, tell
from benchmarks.plainly import cells, facts, journeys, people, reading
from benchmarks.plainly.waiting import waiting
from commissioning.choices import FactKind
from commissioning.models import OrganisationFact, Partnership, RuleSet
from pathways.models import Episode
from providers.models import Agency
from reporting.indicators.families import FAMILIES
from reporting.models import WaitDistribution

SHOWN = 5


def country() -> reading.Country:
    """What the codes of the file stand for, as it is registered."""
    agencies = Agency.objects.select_related("provider__organisation").order_by("pk")
    partnerships = Partnership.objects.values_list("organisation__code", "ndtms_code")
    return reading.Country(
        partnerships={
            code: ours for ours, theirs in partnerships for code in (ours, theirs) if code
        },
        regions={
            fact.organisation.code: fact.other.code
            for fact in OrganisationFact.objects.filter(
                kind=FactKind.IN_REGION, until_on=None
            ).select_related("organisation", "other")
            if fact.other
        },
        providers={one.code: one.provider.code for one in agencies},
        prisons=frozenset(one.code for one in agencies if one.is_prison),
        agencies={one.code: number for number, one in enumerate(agencies)},
    )


def measure(path: Path, *, cut_off: dt.date, rule_set: RuleSet, refresh: float) -> list[Line]:
    """Compute everything again, compare it, and hold the seconds of a refresh against pandas."""
    places = country()
    with taken() as reads:
        records = reading.read(path, country=places, rules=rule_set.read(), cut_off=cut_off)
    tell(f"pandas read {len(records.episodes):,} episodes in {reads.seconds:.0f} s")
    since = rule_set.valid_from.year * 12 + rule_set.valid_from.month - 1
    with taken() as counts:
        found = figures(records, since)
    tell(f"pandas counted in {counts.seconds:.0f} s")
    accepted = Episode.objects.current().count()
    lines = [
        _equal("Episodes accepted, against pandas", int(accepted != len(records.episodes)), 1)
    ]
    for name, wanted in found.items():
        differing, cells_compared = _differences(name, wanted, rule_set, since)
        lines.append(_equal(f"Figures of {name}, against pandas", differing, cells_compared))
    whole = reads.seconds + counts.seconds
    lines.append(
        Line(
            "Full refresh, against pandas from the CSV",
            f"{refresh:.1f} s = {refresh / whole:.2f} ×",
            f"pandas: {whole:.1f} s ({reads.seconds:.1f} s of it reading and checking),"
            " less than 1 ×",
            refresh / whole,
            1.0,
        )
    )
    return lines


def figures(records: reading.Records, since: int) -> dict[str, pd.DataFrame]:
    """Every cell of every family, and the distributions of waits."""
    courses = journeys.courses(records)
    splits = cells.split_values(records)
    rows = {
        "waits": facts.waits(records, courses),
        "waiting": waiting(records),
        "journeys": facts.journeys(records, courses),
        "exits": facts.exits(records, courses),
        "episodes": facts.episodes(records, courses),
    }
    found = {name: cells.added_up(lines, splits) for name, lines in rows.items()}
    found["treatment"] = people.in_treatment(records, courses, splits, since)
    found["wait distributions"] = cells.distributions(rows["waits"], splits)
    return found


def _equal(what: str, differing: int, compared: int) -> Line:
    return Line(what, f"{differing:,} of {compared:,} differ", "at most 0", differing, 0)


def _differences(
    name: str, wanted: pd.DataFrame, rule_set: RuleSet, since: int
) -> tuple[int, int]:
    """How many cells are not the same in both, and how many there are."""
    keys = [*cells.KEY, *(["turn", "length"] if name not in FAMILIES else [])]
    held = _held(name, rule_set)
    counts = [one for one in held.columns if one not in keys]
    wanted = wanted[wanted["place"] >= since].reindex(columns=[*keys, *counts])
    both = held.merge(wanted, on=keys, how="outer", suffixes=("", " by pandas")).fillna(0)
    unlike = pd.Series(data=False, index=both.index)
    for one in counts:
        unlike |= both[one].astype(int) != both[f"{one} by pandas"].astype(int)
    for line in both[unlike].head(SHOWN).to_dict("records"):
        tell(f"  {name} differs: " + str({key: value for key, value in line.items() if value}))
    return int(unlike.sum()), len(both)


def _held(name: str, rule_set: RuleSet) -> pd.DataFrame:
    """The cells in the database, periods as the number of their first month."""
    key = sql.SQL(
        "area_kind, area_code, grain,"
        " (date_part('year', start) * 12 + date_part('month', start) - 1)::int AS place,"
        " breakdown, value"
    )
    more: sql.Composable
    source: sql.Composable
    if name in FAMILIES:
        table = FAMILIES[name].results._meta.db_table
        names = list(FAMILIES[name].everything_counted())
        more = sql.SQL(", ").join(map(sql.Identifier, names))
        source = sql.Identifier(table)
    else:
        names = ["turn", "length", "everyone", "voluntary"]
        more = sql.SQL("turn, each.length, each.everyone, each.voluntary")
        source = sql.SQL(
            "{} held CROSS JOIN unnest(held.days, held.everyone, held.voluntary)"
            " AS each (length, everyone, voluntary)"
        ).format(sql.Identifier(WaitDistribution._meta.db_table))
    statement = sql.SQL("SELECT {}, {} FROM {} WHERE rule_set_id = %s").format(key, more, source)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(statement.as_string(), [rule_set.pk])
        return pd.DataFrame(cursor.fetchall(), columns=[*cells.KEY, *names])
