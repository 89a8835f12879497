"""Freezing a plan as it stands, and bringing back what it said."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, ForeignKey, Max, Model, OuterRef, Q, QuerySet, Subquery

from commissioning.choices import VersionReason
from commissioning.kernel.money import ZERO
from commissioning.models import (
    Allocation,
    Entry,
    Funding,
    Line,
    LineReport,
    Plan,
    PlanComment,
    PlanVersion,
    Priority,
    User,
    Virement,
)
from commissioning.models.funding import CARRIED_FORWARD
from commissioning.scoping import Actor
from commissioning.selectors.plans.content import (
    Content,
    Part,
    Row,
    content_of,
    parts_of,
    plan_fields,
)
from commissioning.services.audit import record
from commissioning.services.ledger.year_end import carried_into


@transaction.atomic
def freeze_version(*, plan: Plan, reason: VersionReason, by: Actor) -> PlanVersion:
    """The whole plan as it stands now, under the next number. The caller holds the plan locked."""
    last = plan.versions.aggregate(last=Max("number"))["last"] or 0
    version = PlanVersion.objects.create(
        plan=plan,
        number=last + 1,
        reason=reason,
        taken_by=by if isinstance(by, User) else None,
        content=content_of(plan),
    )
    record(
        "plan.frozen",
        plan,
        by=by,
        organisation=plan.partnership.organisation,
        version=version.number,
    )
    return version


@transaction.atomic
def restore_version(*, plan: Plan, version: PlanVersion) -> None:
    """Make the plan say again what it said in the version; the caller holds it locked.

    Rows are found by their numbers and keys, and those still there keep their ids. A line or an
    allocation that the ledger, a virement or a quarterly report names is never deleted: where the
    version does not know it, it stays with nothing planned. Milestones keep what has become of
    them, and what the end of the year before carried forward stays. The number of statements does
    not grow with the plan.
    """
    content: Content = version.content
    said = {one.name: content["plan"][one.name] for one in plan_fields()}
    Plan.objects.filter(pk=plan.pk).update(**said, revision=F("revision") + 1)
    _Restoring(plan, content).restore()
    _find_lines_of_comments(plan)
    plan.refresh_from_db()


class _Restoring:
    """One plan and the content it goes back to."""

    def __init__(self, plan: Plan, content: Content) -> None:
        self.plan, self.content = plan, content
        self.ids: dict[type[Model], dict[int, int]] = {}  # of priorities and lines, by number

    def restore(self) -> None:
        for part in parts_of(self.plan):
            rows = self.content.get(part.name, [])
            stays = self._carried if part.model is Funding else frozenset()
            self._take_out(part, {part.key_of(row) for row in rows} | stays)
            self._write(part, [row for row in rows if part.key_of(row) not in stays])
            if part.model in {Priority, Line}:
                numbered = part.model._default_manager.filter(plan=self.plan)
                self.ids[part.model] = dict(numbered.values_list("number", "pk"))

    @property
    def _carried(self) -> frozenset[tuple[str]]:
        """The stream that is the end of the year before's to write, once it has."""
        written = carried_into(self.plan.partnership, self.plan.year)
        return frozenset({(CARRIED_FORWARD,)} if written else ())

    def _write(self, part: Part, rows: Iterable[Row]) -> None:
        written = [one.name for one in part.fields if one.name not in {*part.key, *part.kept}]
        part.model._default_manager.bulk_create(
            [part.model(**self._columns(part, row)) for row in rows],
            update_conflicts=True,
            unique_fields=self._unique(part),
            update_fields=written,
        )
        if any(one.name == "revision" for one in part.model._meta.concrete_fields):
            of_plan = part.model._default_manager.filter(**part.of(self.plan))
            of_plan.update(revision=F("revision") + 1)

    def _unique(self, part: Part) -> list[str]:
        if part.key == ("id",):
            return ["id"]
        return [*({"": ("partnership", "year")}.get(part.parent) or (part.parent,)), *part.key]

    def _columns(self, part: Part, row: Row) -> dict[str, Any]:
        columns: dict[str, Any]
        if part.parent == "line":
            columns = {"line_id": self.ids[Line][row["line"]]}
        else:
            columns = part.of(self.plan)
        for field in part.fields:
            if field.name not in row:
                continue  # a column younger than the version
            value = row[field.name]
            if isinstance(field, ForeignKey):
                columns[field.attname] = self._id(field, value)
            else:
                columns[field.attname] = value
        return columns

    def _id(self, field: "ForeignKey[Any, Any]", value: Row | None) -> Any:
        if value is None:
            return None
        if field.related_model is Priority:
            return self.ids[Priority][value["code"]]
        return value["id"]

    def _take_out(self, part: Part, wanted: set[tuple[Any, ...]]) -> None:
        """Delete the rows that the version does not know, or empty those that must stay."""
        going = [one.pk for one in part.rows_of(self.plan) if _key(part, one) not in wanted]
        if not going:
            return
        rows = part.model._default_manager.filter(pk__in=going)
        if part.model is Line:
            stays = _lines_that_stay(going)
            Line.objects.filter(stays, pk__in=going).update(
                cost=ZERO, plain_sum=ZERO, unit_cost=None
            )
            Allocation.objects.filter(line__in=going).update(amount=ZERO)
            rows = Line.objects.filter(~stays, pk__in=going)
        if part.model is Allocation:
            rows.update(amount=ZERO)
            rows = Allocation.objects.filter(~Q(_named_in_ledger("pk")), pk__in=going)
        rows.delete()


def _key(part: Part, one: Any) -> tuple[Any, ...]:
    values = []
    for name in part.key:
        field = part.model._meta.get_field(name)
        if not isinstance(field, ForeignKey):
            values.append(getattr(one, name))
        elif name == "partnership":
            values.append(one.partnership.organisation.code)
        else:
            values.append(getattr(one, field.attname))
    return (one.line.number, *values) if part.parent == "line" else tuple(values)


def _named_in_ledger(allocation: str) -> Q:
    """Whether an entry or a virement names the allocation: then its row stays."""
    ref = OuterRef(allocation)
    return Q(Exists(Entry.objects.filter(allocation=ref))) | Q(
        Exists(Virement.objects.filter(Q(source=ref) | Q(target=ref)))
    )


def _lines_that_stay(lines: list[int]) -> Q:
    held: QuerySet[Allocation] = Allocation.objects.filter(_named_in_ledger("pk"), line__in=lines)
    reported = LineReport.objects.filter(line__in=lines)
    return Q(pk__in=held.values("line")) | Q(pk__in=reported.values("line"))


def _find_lines_of_comments(plan: Plan) -> None:
    """A line that was deleted and is back has its comments again."""
    line = Line.objects.filter(plan=plan, number=OuterRef("line_number"))
    PlanComment.objects.filter(plan=plan, line__isnull=True, line_number__isnull=False).update(
        line=Subquery(line.values("pk")[:1])
    )
