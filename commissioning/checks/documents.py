"""Checks of what a plan opens with and what it hangs together with."""

from commissioning.checks.declarations import Answer, Check, Finding, breaks, keeps
from commissioning.checks.reading import PlanAsRead
from commissioning.choices import DocumentRole, PlanSection

OVERVIEW_PAGE = "commissioning:plan-detail"


class SummaryWritten(Check):
    """The plan opens with a strategic summary."""

    code, title = "summary", "Strategic summary"
    section = PlanSection.SUMMARY
    source = "NTA treatment plans, part 1: an assumption"
    mark = "B"
    mend = OVERVIEW_PAGE
    answer = Answer.MEND
    of_joint = True

    def look(self, plan: PlanAsRead) -> Finding:
        if not plan.plan.summary.strip():
            return breaks("The summary is empty.")
        return keeps("It is written.")


class DocumentsLinked(Check):
    """The plan names the documents it hangs together with: the local strategic partnership's plan,
    the needs assessment, and the workforce, homelessness and Supporting People strategies.
    """

    code, title = "linked-documents", "Linked documents"
    section = PlanSection.DOCUMENTS
    source = "Models of Care 2006, 2.7.1 and 3.7"
    mend = OVERVIEW_PAGE

    def look(self, plan: PlanAsRead) -> Finding:
        missing = [
            role.label
            for role in DocumentRole
            if role is not DocumentRole.OTHER and role not in plan.document_roles
        ]
        if missing:
            return breaks("These are not named.", missing)
        return keeps("All five are named.")


CHECKS: tuple[Check, ...] = (SummaryWritten(), DocumentsLinked())
