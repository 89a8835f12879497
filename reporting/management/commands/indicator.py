"""`manage.py indicator CODE --level … --period …`: one indicator, as JSON or CSV."""

import csv
import json
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commissioning.exports import harmless
from commissioning.kernel.clock import business_day
from commissioning.kernel.errors import DomainError
from commissioning.kernel.periods import Period
from commissioning.models import RuleSet
from commissioning.rule_settings import RuleSettings
from commissioning.scoping import System
from commissioning.selectors.rule_sets import settings_in_force
from reporting.choices import AreaKind
from reporting.indicators.declared import Indicator
from reporting.indicators.in_force import IN_FORCE, indicator_of
from reporting.selectors.areas import area_of
from reporting.selectors.figures import Figures
from reporting.selectors.shown import Figure


class Command(BaseCommand):
    help = "Give an indicator: numerator, denominator, left out by reason, value, limits, rules."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", nargs="?", help="as --list names them")
        parser.add_argument("--list", action="store_true", help="list the indicators in force")
        parser.add_argument("--level", choices=AreaKind.values, default=AreaKind.ENGLAND.value)
        parser.add_argument("--area", metavar="CODE", help="one area; otherwise all of the level")
        parser.add_argument("--period", help="FY2006, 2006-Q1 or 2006-05")
        parser.add_argument("--rule-set", metavar="CODE", help="instead of the one shown")
        parser.add_argument("--released", action="store_true", help="as shown outside the area")
        parser.add_argument("--format", choices=["csv", "json"], default="json")

    def handle(self, *args: Any, **asked: Any) -> None:
        try:
            if asked["list"]:
                self._list(asked["format"])
            else:
                self._write([figure.as_row() for figure in _figures(asked)], asked["format"])
        except DomainError as refused:
            raise CommandError(str(refused)) from refused

    def _list(self, form: str) -> None:
        rules = settings_in_force(on=business_day())
        rows = [
            {
                "code": one.code,
                "title": one.title,
                "unit": one.unit,
                "definition": words(one, rules),
            }
            for one in IN_FORCE.values()
        ]
        self._write(rows, form)

    def _write(self, rows: Sequence[dict[str, Any]], form: str) -> None:
        if form == "json":
            self.stdout.write(json.dumps(rows, indent=2, ensure_ascii=False))
            return
        flat = [_flat(row) for row in rows]
        writer = csv.DictWriter(self.stdout, flat[0] if flat else [], lineterminator="\n")
        writer.writeheader()
        writer.writerows(flat)


def words(indicator: type[Indicator], rules: RuleSettings) -> str:
    """The definition on one line."""
    return " ".join(indicator.definition(rules).split())


def _figures(asked: dict[str, Any]) -> list[Figure]:
    if not asked["code"] or not asked["period"]:
        raise CommandError("Name an indicator and a period, or ask for the --list.")
    indicator, period = indicator_of(asked["code"]), Period.parse(asked["period"])
    kind = AreaKind(asked["level"])
    figures = Figures.released() if asked["released"] else Figures.exact(System("indicator"))
    if asked["rule_set"]:
        figures = figures.measured_by(_rule_set(asked["rule_set"]))
        if not figures.has_measured(indicator, period):
            raise CommandError(f"{period.label} was not measured by {asked['rule_set']}.")
    if asked["area"]:
        return [figures.figure(indicator, area_of(kind, asked["area"]), period)]
    return figures.across_areas(indicator, period, kind, with_buckets=True)


def _rule_set(code: str) -> RuleSet:
    found = RuleSet.objects.filter(code=code).first()
    if found is None:
        raise CommandError(f"There is no rule set “{code}”.")
    return found


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """One cell a reason, as a table has it."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat |= {f"{name}: {reason}": count for reason, count in value.items()}
        else:
            flat[name] = harmless(value)
    return flat
