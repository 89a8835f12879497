"""The checks in force: a written list."""

from pathways.checks import quality, together, validity, whole_return
from pathways.checks.declarations import ReadingRule, Rule
from pathways.choices import Grade
from pathways.ndtms.refusals import REASONS

FILE: tuple[Rule, ...] = tuple(
    ReadingRule(
        code=reason.code, grade=Grade.FILE, sentence=reason.sentence, example=reason.example
    )
    for reason in REASONS.values()
)

IN_FORCE: dict[str, Rule] = {
    rule.code: rule
    for rule in sorted(
        (*FILE, *validity.RULES, *together.RULES, *quality.RULES, *whole_return.RULES),
        key=lambda rule: (list(Grade).index(rule.grade), rule.code),
    )
}
