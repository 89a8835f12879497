"""What a provider's figures will become: the return is really loaded, looked at and taken back.

The rows are those of the engine's own statements, so that what is foretold is what is measured
once the return is confirmed, unless another return comes in between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db import transaction
from psycopg import sql

from commissioning.kernel.clock import technical_now
from commissioning.kernel.periods import Grain, Period
from commissioning.models import RuleSet
from commissioning.rule_settings import RuleSettings
from commissioning.services.jobs import Run
from pathways.choices import UploadState
from pathways.models import Upload
from pathways.services.staging import Tell, quietly
from pathways.services.trying import tried
from providers.models import Agency, Provider
from reporting.choices import AreaKind
from reporting.engine.conditions import condition
from reporting.engine.counting import lay_names
from reporting.engine.people import count_people
from reporting.engine.scope import Measurement, Scope, lay_places, lay_spans, rows_of
from reporting.engine.spells import lay_spells
from reporting.indicators.previewed import Previewed, previewed
from reporting.models import ReturnPreview
from reporting.rules.moves import (
    ABSENT,
    BAD,
    GOOD,
    UNCOUNTED,
    Key,
    Move,
    Share,
    if_put_right,
    moves_between,
)

MOVES_KEPT = 4
RECORDS_KEPT = 5
GRAINS = (Grain.QUARTER, Grain.YEAR)
STEPS = 2

_RECORDS = """
SELECT held.client_ref, held.episode_ref, found.dated_on::text, found.kind::text,
       found.is_good, found.is_counted, found.is_faulty
  FROM (
    SELECT rows.episode, rows.dated_on, rows.kind, {good} AS is_good, {counted} AS is_counted,
           {faulty} AS is_faulty
      FROM ({rows}) rows
      JOIN spell ON spell.episode = rows.episode
     WHERE spell.provider = %(provider)s
       AND rows.dated_on >= %(starts)s AND rows.dated_on < %(ends)s
  ) found
  JOIN pathways_episode held ON held.id = found.episode
 WHERE found.is_counted OR found.is_faulty
 ORDER BY found.dated_on, held.client_ref, held.episode_ref
"""
_PEOPLE = """
SELECT grain, people FROM measured
 WHERE area_kind = %(kind)s AND area_code = %(code)s AND breakdown = ''
"""


@dataclass(frozen=True)
class Seen:
    """A provider's records at one moment: by indicator and grain, and people in treatment."""

    states: Mapping[tuple[str, str], Mapping[Key, str]]
    faulty: Mapping[tuple[str, str], Sequence[Key]]
    people: Mapping[str, int]


def preview_by_job(run: Run) -> None:
    """The job after `upload.checked`."""
    make_preview(number=run.payload["upload"], tell=run.tell, run=run)


def make_preview(
    *, number: int, tell: Tell = quietly, run: Run | None = None
) -> ReturnPreview | None:
    """Work out and keep what a checked file of one provider would change.

    None when it is past that, or spans providers. Safe to run again.
    """
    upload = (
        Upload.objects.select_related("rule_set", "provider__organisation")
        .filter(pk=number, state=UploadState.CHECKED, provider__isnull=False)
        .first()
    )
    if upload is None or upload.provider is None:
        return None
    periods = [Period.containing(upload.month, grain) for grain in GRAINS]
    holding = RuleSet.objects.holding_on(periods[-1].last_day).order_by("published_at", "pk")
    rule_set = holding.last() or upload.rule_set
    tell(0, STEPS, "Working out what the figures will become")
    figures = _figures(upload, upload.provider, periods, rule_set)
    tell(1, STEPS, "Keeping it")
    with transaction.atomic():
        if run:
            run.require_lease()
        preview, _ = ReturnPreview.objects.update_or_create(
            upload=upload,
            defaults={"rule_set": rule_set, "made_at": technical_now(), "figures": figures},
        )
    tell(STEPS, STEPS, "Worked out what the figures will become")
    return preview


def _figures(
    upload: Upload, provider: Provider, periods: Sequence[Period], rule_set: RuleSet
) -> dict[str, Any]:
    rules = rule_set.read()
    shares = previewed(rules, year=periods[-1].start.year)
    agencies = Agency.objects.filter(provider=provider).values_list("pk", flat=True)
    scope = Scope(
        partnerships=frozenset(),
        providers=frozenset({provider.pk}),
        agencies=frozenset(agencies),
    )
    asked = Measurement(rule_set, periods, scope)
    before, after = tried(upload, lambda: _look(asked, shares, provider))
    return {
        "periods": [{"code": one.code, "label": one.label} for one in periods],
        "shares": [_share(one, before, after, periods, rules) for one in shares],
        "people": [
            [before.people.get(one.grain.value, 0), after.people.get(one.grain.value, 0)]
            for one in periods
        ],
    }


def _look(asked: Measurement, shares: Sequence[Previewed], provider: Provider) -> Seen:
    """The provider's records as they stand in this transaction."""
    lay_spans(asked.periods)
    lay_places(asked.scope)
    lay_names(asked.settings())
    lay_spells(asked)
    states: dict[tuple[str, str], Mapping[Key, str]] = {}
    faulty: dict[tuple[str, str], Sequence[Key]] = {}
    for share in shares:
        for period in asked.periods:
            which = (share.code, period.grain.value)
            states[which], faulty[which] = _records(asked, share, period, provider.pk)
    count_people(asked, [AreaKind.PROVIDER])
    people = rows_of(_PEOPLE, {"kind": AreaKind.PROVIDER.value, "code": provider.code})
    return Seen(states, faulty, dict(people))


def _records(
    asked: Measurement, share: Previewed, period: Period, provider: int
) -> tuple[dict[Key, str], list[Key]]:
    """What each record of the share is, and which of them have the fault."""
    statement = sql.SQL(_RECORDS).format(
        good=condition(share.condition(share.numerator)),
        counted=condition(share.condition(share.denominator)),
        faulty=condition(share.condition(share.faulty)),
        rows=sql.SQL(share.family.statement()),
    )
    given = {"provider": provider, "starts": period.start, "ends": period.end}
    states: dict[Key, str] = {}
    faulty: list[Key] = []
    for *named, is_good, is_counted, is_faulty in rows_of(statement, asked.values() | given):
        key = _apart(tuple(str(one) for one in named), states)
        states[key] = (GOOD if is_good else BAD) if is_counted else UNCOUNTED
        if is_faulty:
            faulty.append(key)
    return states, faulty


def _apart(key: Key, states: Mapping[Key, str]) -> Key:
    """A second record of the same names, as two modalities of a kind that began together."""
    turn = 2
    found = key
    while found in states:
        found = (*key, str(turn))
        turn += 1
    return found


def _share(
    share: Previewed,
    before: Seen,
    after: Seen,
    periods: Sequence[Period],
    rules: RuleSettings,
) -> dict[str, Any]:
    year = (share.code, periods[-1].grain.value)
    moves = moves_between(before.states[year], after.states[year])
    return {
        "code": share.code,
        "label": share.label,
        "cells": [
            [
                _plain(Share.of(seen.states[share.code, one.grain.value]))
                for seen in (before, after)
            ]
            for one in periods
        ],
        "moves": [_move(share, move, rules) for move in moves if move.effect][:MOVES_KEPT],
        "fault": _fault(share, after.faulty[year], Share.of(after.states[year])),
    }


def _move(share: Previewed, move: Move, rules: RuleSettings) -> dict[str, Any]:
    many = len(move.records)
    words = {GOOD: share.good(rules), BAD: share.bad(rules), UNCOUNTED: share.fault}
    things = share.things(many)
    match move.before, move.after:
        case _, str(now) if now == ABSENT:
            said = f"{things} {words[move.before]}, no longer counted here,"
        case str(was), _ if was == ABSENT:
            said = f"{things} {words[move.after]}, new here,"
        case _:
            said = f"{things} now {words[move.after]}"
    return _line(said, many, move.effect, move.records)


def _fault(share: Previewed, records: Sequence[Key], now: Share) -> dict[str, Any] | None:
    if not records:
        return None
    effect = (
        if_put_right(now, len(records), counted=share.fault_counts) if share.can_mend else None
    )
    said = f"{share.things(len(records))} {share.fault}"
    return _line(said, len(records), effect, records)


def _line(said: str, many: int, effect: Fraction | None, records: Sequence[Key]) -> dict[str, Any]:
    return {
        "said": said,
        "many": many,
        "effect": None if effect is None else float(effect),
        "records": [list(key[:3]) for key in records[:RECORDS_KEPT]],
    }


def _plain(share: Share) -> list[int]:
    return [share.numerator, share.denominator]
