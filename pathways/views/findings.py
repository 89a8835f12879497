"""All that the checks found in a return, on the page and as a file."""

import django_tables2
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from commissioning.exports import csv_response, xlsx_response
from commissioning.kernel.words import MISSING
from commissioning.tables import CountColumn, NameColumn, Table, TagColumn
from commissioning.views.lists import list_response
from pathways.choices import Grade
from pathways.filters import FindingPageFilter
from pathways.models import Finding
from pathways.selectors.findings import HEADER, all_findings, findings_by_rule
from pathways.selectors.returns import ReachedReturn, address_of
from pathways.tables import TONES, FindingTable
from pathways.views.reaching import crumbs_to, reached_or_404

LARGEST_SHEET = 1_000_000  # findings; a spreadsheet holds few more rows


class RuleTable(Table):
    """Rules that were broken, with how often: what somebody sees who may not see records."""

    caption = "Findings by rule"
    counted = ("rule", "rules")
    empty_title = "No findings"

    sentence = NameColumn(accessor="rule__sentence", verbose_name="What it says")
    rule = django_tables2.Column(accessor="rule__code", verbose_name="Rule")
    grade = TagColumn(accessor="rule__grade", tone=lambda found: TONES[found.rule.grade])
    field = django_tables2.Column(default=MISSING)
    findings = CountColumn()
    episodes = CountColumn()

    class Meta:
        fields: tuple[str, ...] = ()
        sequence = ("sentence", "rule", "grade", "field", "findings", "episodes")

    def render_grade(self, value: Grade, record: object, column: TagColumn) -> str:
        return column.render(value.label, record)

    def value_grade(self, value: Grade) -> str:
        return value.label


@require_safe
def finding_list(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """The records for whoever may see them; for others how often each rule was broken."""
    reached = reached_or_404(request, code, number)
    shown = FindingPageFilter(request.GET, queryset=reached.findings(), request=request)
    upload = reached.upload
    heading = f"Findings in return {upload.number}"
    crumbs = [
        *crumbs_to(request, reached),
        (str(upload), address_of(upload, code)),
        ("Findings", ""),
    ]
    wanted = request.GET.get("format", "")
    if reached.may_see_records and wanted in _downloads(shown.qs):
        return _file(reached, shown.qs, wanted)
    return list_response(
        request,
        _table(reached, shown.qs),
        heading=heading,
        breadcrumbs=crumbs,
        filterset=shown,
        template="pathways/finding_list.html",
        may_see_records=reached.may_see_records,
    )


def _table(reached: ReachedReturn, findings: QuerySet[Finding]) -> Table:
    nothing = "The checks found nothing."
    if not reached.may_see_records:
        by_rule = findings_by_rule(reached.upload, findings, first=0)  # type: ignore[arg-type]
        return RuleTable(by_rule, empty_text=nothing)
    rows = findings.select_related("agency").order_by("row", "pk")
    table = FindingTable(rows, empty_text=nothing)
    table.downloads = _downloads(findings)
    return table


def _downloads(findings: QuerySet[Finding]) -> tuple[str, ...]:
    """A spreadsheet only where it can hold them all."""
    return ("csv", "xlsx") if findings.count() <= LARGEST_SHEET else ("csv",)


def _file(reached: ReachedReturn, findings: QuerySet[Finding], kind: str) -> HttpResponseBase:
    name = f"return-{reached.upload.number}-findings.{kind}"
    rows = all_findings(reached.upload, findings)  # type: ignore[arg-type]
    if kind == "csv":
        return csv_response(name, HEADER, rows)
    return xlsx_response(name, HEADER, rows, sheet="Findings")
