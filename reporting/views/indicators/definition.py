"""What an indicator means: its published definition and everything that decides the number."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commissioning.components import DataTable, Fact
from commissioning.kernel.clock import business_day
from commissioning.kernel.words import day, joined
from commissioning.models import RuleSet
from commissioning.reference.framework import MARKS
from commissioning.rule_settings import DEFAULTS, RuleSettings, setting_of
from commissioning.selectors.rule_sets import in_force_on, rule_sets
from reporting.engine.printing import printed_query
from reporting.indicators.breakdowns import BREAKDOWNS
from reporting.indicators.declared import Form, Indicator, Polarity
from reporting.indicators.in_treatment import InTreatment
from reporting.views.indicators.asked import answers_plainly
from reporting.views.indicators.named import indicator_or_404
from reporting.views.indicators.rules import years_in_words

FORM_WORDS = {
    Form.COUNT: "A count",
    Form.SHARE: "A share of the denominator, as a whole per cent, with Wilson limits",
    Form.MEAN: "A mean: the numerator divided by the denominator",
    Form.MEDIAN: "A median, from how many waited how many days",
    Form.PERCENTILE: "A percentile, from how many waited how many days",
    Form.LONGEST: "The longest: one person's wait, never shown outside the area concerned",
}
POLARITY_WORDS = {
    Polarity.HIGHER: "Higher is better",
    Polarity.LOWER: "Lower is better",
    Polarity.NEITHER: "Neither higher nor lower is better by itself",
}


@dataclass(frozen=True)
class SettingLine:
    """A setting the indicator is measured by, as the rules in force have it."""

    label: str
    value: str
    help: str
    source: str
    mark: str
    mark_in_words: str
    before: str  # where an earlier rule set had another value


@require_safe
@answers_plainly
def indicator_definition(request: HttpRequest, indicator: str) -> HttpResponseBase:
    """Anybody signed in may read it: it holds no figure."""
    of = indicator_or_404(indicator)
    rules = in_force_on(business_day())
    lines = _settings(of, rules)
    settings = rules.read() if rules else DEFAULTS
    return render(
        request,
        "reporting/indicator_definition.html",
        {
            "indicator": of,
            "definition": of.definition(settings).split("\n\n"),
            "facts": _facts(of, rules),
            "left_out": _left_out(of),
            "settings": lines,
            "assumptions": [line for line in lines if line.mark == "B"],
            "mark_in_words": MARKS[of.mark],
            "rules": rules,
            "caveats": _caveats(of, settings),
            "query": printed_query(of.family, settings),
            "page_heading": of.title,
            "breadcrumbs": [
                ("Indicators", reverse("reporting:indicator-list")),
                (of.title, reverse("reporting:indicator-detail", args=[of.code])),
                ("Definition", ""),
            ],
        },
    )


def _facts(of: type[Indicator], rules: RuleSet | None) -> list[Fact]:
    facts = [
        Fact("Code", of.code),
        Fact("What is made of the counts", FORM_WORDS[of.form]),
        Fact("Numerator", of.numerator_words),
    ]
    if of.denominator:
        facts.append(Fact("Denominator", of.denominator_words))
    facts += [
        Fact("What is counted", of.family.unit.capitalize()),
        Fact("Direction", POLARITY_WORDS[of.polarity]),
        Fact("Target", _target(of, rules)),
        Fact("Split by", joined(one.label.lower() for one in BREAKDOWNS.values())),
        Fact("Source", of.source),
        Fact("How sure that is", MARKS[of.mark]),
    ]
    if rules:
        facts.append(
            Fact(
                "Rules in force",
                f"{rules.code}, valid from {day(rules.valid_from)}",
                reverse("commissioning:rule-set-detail", args=[rules.code]),
            )
        )
    if of.headline_years_setting and rules:
        years = getattr(rules.read(), of.headline_years_setting)
        facts.append(Fact("Headline for", years_in_words(years)))
    return [*facts, Fact("Author", of.author), Fact("Checker", of.checker)]


def _target(of: type[Indicator], rules: RuleSet | None) -> str:
    if not (of.target_setting and rules):
        return "None is set"
    settings = rules.read()
    words = f"{getattr(settings, of.target_setting)}%"
    if of.target_from_setting:
        words += f" from {day(getattr(settings, of.target_from_setting))}"
    return words


def _left_out(of: type[Indicator]) -> DataTable:
    return DataTable(
        ["Left out and counted beside the figure", "Column"],
        [[words, name] for name, words in of.reasons_left_out().items()],
    )


def _settings(of: type[Indicator], rules: RuleSet | None) -> list[SettingLine]:
    if rules is None:
        return []
    now = rules.read()
    earlier = [(one.code, one.read()) for one in rule_sets() if one.pk < rules.pk]
    lines = []
    for name in dict.fromkeys(of.settings):
        setting = setting_of(name)
        value = _written(name, getattr(now, name))
        others = [
            f"{_written(name, getattr(one, name))} in {code}"
            for code, one in earlier
            if getattr(one, name) != getattr(now, name)
        ]
        lines.append(
            SettingLine(
                label=setting.label,
                value=value,
                help=setting.help,
                source=setting.source,
                mark=setting.mark,
                mark_in_words=MARKS[setting.mark],
                before=joined(others) if others else "",
            )
        )
    return lines


def _written(name: str, value: object) -> str:
    setting = setting_of(name)
    words = setting.write(value) or "None"
    return f"{words} {setting.unit}" if setting.unit else words


def _caveats(of: type[Indicator], rules: RuleSettings) -> list[str]:
    found = []
    if of.family is InTreatment:
        found.append(
            "Person counts do not add up. Each person is counted once in an area and a period, so "
            "England is not the sum of its partnerships, a partnership not the sum of its "
            "providers, and a year not the sum of its quarters."
        )
    if of.not_yet_known:
        found.append(
            f"A journey enters only once its first {rules.length_in_words('retention_days')} lie "
            "within the data. Until then it is shown as not yet known: letting those who leave "
            "early in first would make a true 75% read 30% at the end of a quarter."
        )
    if of.provisional:
        found.append(
            "An exit is provisional until another episode can no longer rejoin the journey."
        )
    if of.form is Form.LONGEST:
        found.append("The longest wait is one person's, and is shown to those concerned only.")
    found.append(
        "Outside the area or organisation concerned, small counts are hidden and the others "
        "rounded; shares, limits and verdicts are worked out from the rounded counts."
    )
    found.append(
        "Facts keep the partnership of their day; a period is shown on the boundaries at its end, "
        "and charts mark a change of boundaries or rules."
    )
    return found
