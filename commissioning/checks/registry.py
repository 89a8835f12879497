"""The checks in force: a written list, in the order of a plan's parts."""

from commissioning.checks import coverage, documents, money, targets, tier4, whole_system
from commissioning.checks.declarations import Check, CheckResult, not_asked, sentence_of
from commissioning.checks.reading import PlanAsRead
from commissioning.choices import PlanSection

_ORDER = list(PlanSection)

IN_FORCE: dict[str, Check] = {
    check.code: check
    for check in sorted(
        (
            *documents.CHECKS,
            *targets.CHECKS,
            *coverage.CHECKS,
            *whole_system.CHECKS,
            *tier4.CHECKS,
            *money.CHECKS,
        ),
        key=lambda check: _ORDER.index(check.section),
    )
}


def results_of(plan: PlanAsRead) -> list[CheckResult]:
    """Every check with what it found in the plan."""
    return [
        CheckResult(
            check,
            not_asked("Each member's own plan answers for this.")
            if plan.plan.is_joint and not check.of_joint
            else check.look(plan),
            plan.declarations.get(code),
        )
        for code, check in IN_FORCE.items()
    ]


def as_table() -> str:
    """The checks in force as the documents have them: a row a check."""
    rows = [
        f"| {check.title} | {sentence_of(check)} | {check.source} | {check.mark}"
        f" | {check.section.label} | {check.answer.value} | {'yes' if check.of_joint else ''} |"
        for check in IN_FORCE.values()
    ]
    head = "| check | a plan keeps it when | source | mark | part | when it is not kept | joint |"
    return "\n".join([head, "| --- | --- | --- | --- | --- | --- | --- |", *rows])
