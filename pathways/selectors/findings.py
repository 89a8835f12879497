"""What the checks found in a return, for its page and its files."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, F, Q, TextField, Value, Window
from django.db.models.functions import Concat, RowNumber

from commissioning.models import User
from commissioning.roles import Permission
from pathways.checks import IN_FORCE, Rule
from pathways.choices import Grade
from pathways.models import Finding, Upload
from pathways.models.returns import FindingQuerySet
from pathways.ndtms.fields import MEANINGS

FIRST_ROWS = 5
HEADER = (
    "Row",
    "Rule",
    "Grade",
    "Field",
    "Value",
    "Agency",
    "CLIENTID",
    "EPISODID",
    "What it says",
)


@dataclass(frozen=True)
class FindingsOfRule:
    """A rule that was broken: how often, over how many episodes, and where first."""

    rule: Rule
    field: str
    findings: int
    episodes: int
    first: tuple[Finding, ...]

    @property
    def meaning(self) -> str:
        """What the field holds, in NDTMS's words; empty where the rule blames no field."""
        return MEANINGS.get(self.field, "")

    @property
    def more(self) -> int:
        """How many findings there are beyond those shown."""
        return self.findings - len(self.first)


def may_see_records(person: User, providers: Iterable[int | None]) -> bool:
    """Whether the person may see the records that findings name, or some of them.

    `providers`: who sent the file, and whose returns in it the person may view.
    """
    reach = person.reach(Permission.RETURN_RECORDS_VIEW)
    return any(reach.covers(one) for one in providers if one is not None)


def findings_for(person: User, upload: Upload) -> FindingQuerySet:
    """What the checks found in the file, as far as the person may see its records."""
    return (
        Finding.objects.permitted(person, Permission.RETURN_RECORDS_VIEW)
        .filter(upload=upload)
        .select_related("agency")
        .in_order()
    )


def findings_by_rule(
    upload: Upload, findings: FindingQuerySet, *, first: int = FIRST_ROWS
) -> list[FindingsOfRule]:
    """The broken rules by grade, the gravest and most frequent first, with their first rows.

    `findings` are those of the upload that the asker is permitted to see. Two queries.
    """
    findings = findings.filter(upload=upload)
    episode = Concat(
        F("agency_id"), Value("\t"), F("client_ref"), Value("\t"), F("episode_ref"),
        output_field=TextField(),
    )  # fmt: skip
    counted = findings.values("rule", "field").annotate(
        findings=Count("pk"),
        episodes=Count(episode, distinct=True, filter=~Q(client_ref="", episode_ref="")),
    )
    shown = _first_of_each(findings, first)
    found = [
        FindingsOfRule(
            rule=IN_FORCE[one["rule"]],
            field=one["field"],
            findings=one["findings"],
            episodes=one["episodes"],
            first=tuple(shown.get((one["rule"], one["field"]), ())),
        )
        for one in counted.order_by("rule", "field")
    ]
    grades = list(Grade)
    return sorted(found, key=lambda one: (grades.index(one.rule.grade), -one.findings))


def counts_by_grade(upload: Upload, findings: FindingQuerySet) -> dict[Grade, int]:
    """How many findings there are of each grade; a grade without any is 0."""
    counted = dict(
        findings.filter(upload=upload)
        .values_list("grade")
        .annotate(findings=Count("pk"))
        .order_by("grade")
    )
    return {grade: counted.get(grade.value, 0) for grade in Grade}


def all_findings(upload: Upload, findings: FindingQuerySet) -> Iterator[tuple[object, ...]]:
    """Every finding of the upload, row by row, as `HEADER` names the columns; none is left out."""
    rows = (
        findings.filter(upload=upload)
        .in_order()
        .values_list(
            "row", "rule", "grade", "field", "value", "agency__code", "client_ref",
            "episode_ref", "sentence",
        )
    )  # fmt: skip
    for row, code, grade, field, value, agency, client, episode, sentence in rows.iterator(
        chunk_size=5000
    ):
        said = sentence or IN_FORCE[code].sentence
        label = Grade(grade).label
        yield (row, code, label, field, value, agency or "", client, episode, said)


def _first_of_each(findings: FindingQuerySet, first: int) -> dict[tuple[str, str], list[Finding]]:
    """The first findings of each rule and field, in order of their rows."""
    numbered = findings.annotate(
        nth=Window(RowNumber(), partition_by=["rule", "field"], order_by=["row", "pk"])
    ).filter(nth__lte=first)
    shown: dict[tuple[str, str], list[Finding]] = {}
    for finding in numbered.select_related("agency").order_by("row", "pk"):
        shown.setdefault((finding.rule, finding.field), []).append(finding)
    return shown
