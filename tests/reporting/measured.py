"""What is held in the tables of results, in the shape the figures by hand have."""

from reporting.indicators.families import FAMILIES
from reporting.models import WaitDistribution

KEY = ("area_kind", "area_code", "grain", "start", "breakdown", "value")


def held_cells(rule_set=None):
    """{family: {cell: {count: number}}} of one rule set, without noughts."""
    return {code: _cells(family, rule_set) for code, family in FAMILIES.items()}


def _cells(family, rule_set):
    names = list(family.everything_counted())
    rows = family.results.objects.all()
    if rule_set:
        rows = rows.filter(rule_set=rule_set)
    return {
        tuple(row[:6]): {
            name: number for name, number in zip(names, row[6:], strict=True) if number
        }
        for row in rows.values_list(*KEY, *names)
    }


def held_days():
    """{cell, turn and whose: {days: how many}}, without noughts."""
    found = {}
    for row in WaitDistribution.objects.all():
        cell = tuple(getattr(row, name) for name in KEY)
        for who in ("everyone", "voluntary"):
            days = {
                day: number
                for day, number in zip(row.days, getattr(row, who), strict=True)
                if number
            }
            if days:
                found[*cell, row.turn, who] = days
    return found
