"""What a check of a plan is: a rule whose docstring is the sentence it holds the plan to."""

import inspect
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from commissioning.checks.reading import PlanAsRead
from commissioning.choices import PlanSection
from commissioning.models import Declaration
from commissioning.reference import Mark
from commissioning.reference.evidence import EvidenceName


class Answer(StrEnum):
    """How a plan that does not keep a check may answer it."""

    MEND = "Mend it"
    REASON = "Mend it, or give a reason"
    DECLARE = "Declare it, with grounds"


class CheckState(StrEnum):
    """How a plan stands to a check."""

    PASSES = "Passes"
    DECLARED = "Declared"
    FAILS = "Fails"
    NEEDS_REASON = "Needs a reason"
    REASON_GIVEN = "Reason given"
    NOT_ASKED = "Not asked of this plan"

    @property
    def blocks(self) -> bool:
        """Whether the plan cannot be sent while a check stands so."""
        return self in {CheckState.FAILS, CheckState.NEEDS_REASON}


@dataclass(frozen=True)
class Finding:
    """What a check found. `holds` is None where the system does not hold the fact yet.

    `items` name what is amiss, one by one.
    """

    holds: bool | None
    said: str
    items: Sequence[str] = ()
    asked: bool = True


def keeps(said: str) -> Finding:
    return Finding(holds=True, said=said)


def breaks(said: str, items: Sequence[str] = ()) -> Finding:
    return Finding(holds=False, said=said, items=tuple(items))


def unknown(said: str) -> Finding:
    return Finding(holds=None, said=said)


def not_asked(said: str) -> Finding:
    return Finding(holds=None, said=said, asked=False)


class Check(ABC):
    """A rule. Its docstring is the sentence a plan is held to, in our words; `source` has its
    section, `mark` whether it was read there (R) or is background (B, an assumption).

    `mend` is the name of the page where it is mended; it `mend_is_beside` the plan when it is a
    form of the partnership's, for those who write its plans. `asks` are items to tick when it is
    declared, all of which must hold; `evidence` is what another app may know of it. A check that
    is not `of_joint` is asked of each member's own plan, not of the joint one.
    """

    code: ClassVar[str]
    title: ClassVar[str]
    section: ClassVar[PlanSection]
    source: ClassVar[str]
    mend: ClassVar[str]
    mend_is_beside: ClassVar[bool] = False
    answer: ClassVar[Answer] = Answer.REASON
    mark: ClassVar[Mark] = "R"
    asks: ClassVar[tuple[tuple[str, str], ...]] = ()
    evidence: ClassVar[EvidenceName | None] = None

    of_joint: ClassVar[bool] = False

    @abstractmethod
    def look(self, plan: PlanAsRead) -> Finding:
        """What the plan says to it."""


def sentence_of(check: Check) -> str:
    """The sentence of the check: its docstring."""
    return inspect.cleandoc(check.__doc__ or "").replace("\n", " ")


class Declared(Check):
    """What the system does not hold: read from evidence when there is some, else declared."""

    answer: ClassVar[Answer] = Answer.DECLARE

    def look(self, plan: PlanAsRead) -> Finding:
        known = plan.evidence.get(self.evidence) if self.evidence else None
        if known is None or known.value is None:
            return unknown("The service does not hold this yet: it is declared, with grounds.")
        said = f"Known from {known.source}."
        return keeps(said) if known.value > 0 else breaks(said)


@dataclass(frozen=True)
class CheckResult:
    """A check, what it found, and what was declared or given as a reason."""

    check: Check
    finding: Finding
    declaration: Declaration | None = None

    @property
    def state(self) -> CheckState:
        if not self.finding.asked:
            return CheckState.NOT_ASKED
        if self.finding.holds:
            return CheckState.PASSES
        if self.check.answer is Answer.MEND:
            return CheckState.FAILS
        if self.declaration is None:
            return CheckState.NEEDS_REASON
        if not self.declaration.holds:
            return CheckState.REASON_GIVEN
        # What is declared to hold counts only where nothing known says otherwise.
        return CheckState.DECLARED if self.finding.holds is None else CheckState.NEEDS_REASON

    @property
    def blocks(self) -> bool:
        return self.state.blocks

    @property
    def code(self) -> str:
        return self.check.code

    @property
    def title(self) -> str:
        return self.check.title

    @property
    def sentence(self) -> str:
        return sentence_of(self.check)

    @property
    def source(self) -> str:
        return self.check.source

    @property
    def section(self) -> PlanSection:
        return self.check.section

    @property
    def said(self) -> str:
        return self.finding.said

    @property
    def may_be_answered(self) -> bool:
        """Whether words can settle it: a reason, or a declaration."""
        return (
            self.finding.asked and not self.finding.holds and self.check.answer is not Answer.MEND
        )
