"""`manage.py import_return`: the way of a return from file to figures, in one go."""

import datetime as dt
import json
import time
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commissioning.kernel.clock import business_day
from commissioning.kernel.errors import DomainError
from commissioning.kernel.periods import Period
from commissioning.scoping import System
from pathways.choices import UploadState
from pathways.models import Finding, Upload
from pathways.selectors.findings import counts_by_grade, findings_by_rule
from pathways.services.checking import check_file
from pathways.services.confirming import confirm_upload
from pathways.services.loading import load_file
from pathways.services.receiving import receive_upload

BY = System("import_return")
TELL_EVERY_SECONDS = 2.0


def month(text: str) -> Period:
    try:
        period = Period.parse(text)
    except DomainError as refused:
        raise ArgumentTypeError(str(refused)) from refused
    if period.grain != "month":
        raise ArgumentTypeError("Write the reporting month as 2006-05.")
    return period


class Command(BaseCommand):
    """Take a return in, check it and, when it is confirmed, load it: as pages and the API do."""

    help = "Receive and check an NDTMS return; with --confirm load it too."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--month", type=month, required=True, help="reported, as 2006-05")
        parser.add_argument(
            "--cut-off",
            type=dt.date.fromisoformat,
            help="the last day the file knows about; left out, the last day of the month",
        )
        parser.add_argument("--confirm", metavar="REASON", help="load it, for this reason")
        parser.add_argument("--json", action="store_true", help="the summary as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        self._told_at = time.monotonic()
        try:
            upload = self._receive_and_check(options)
            if upload.state == UploadState.REJECTED:
                raise CommandError(upload.refusal)
            if options["confirm"] is not None:
                upload = self._load(upload, reason=options["confirm"])
        except DomainError as refused:
            raise CommandError(str(refused)) from refused
        summary = _summary(upload)
        self.stdout.write(json.dumps(summary, indent=2) if options["json"] else _told(summary))

    def _receive_and_check(self, options: dict[str, Any]) -> Upload:
        path: Path = options["file"]
        period: Period = options["month"]
        today = business_day()
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        with path.open("rb") as stream:
            upload = receive_upload(
                stream=stream,
                filename=path.name,
                month=period.start,
                cut_off=options["cut_off"] or min(period.last_day, today),
                provider=None,
                by=BY,
                today=today,
            )
        return check_file(number=upload.number, by=BY, tell=self._tell)

    def _load(self, upload: Upload, *, reason: str) -> Upload:
        upload = confirm_upload(upload=upload, reason=reason, remove_vanished=False, by=BY)
        return load_file(number=upload.number, by=BY, tell=self._tell)

    def _tell(self, done: int, total: int, note: str) -> None:
        """Progress on the error stream, at most every two seconds."""
        if time.monotonic() - self._told_at >= TELL_EVERY_SECONDS:
            self._told_at = time.monotonic()
            share = f"{100 * done // total} %, " if total else ""
            self.stderr.write(f"{share}{note}")


def _summary(upload: Upload) -> dict[str, Any]:
    findings = Finding.objects.all()
    returns = list(upload.returns.select_related("agency").order_by("agency__code"))
    return {
        "return": upload.number,
        "state": upload.state,
        "month": f"{upload.month:%Y-%m}",
        "cut_off": upload.cut_off.isoformat(),
        "rows": upload.rows,
        "ignored_headers": upload.ignored_headers,
        "agencies": [
            {
                "agency": one.agency.code,
                "rows": one.rows,
                "rows_without_consent": one.rows_without_consent,
                "episodes": one.episodes,
                "episodes_rejected": one.episodes_rejected,
                "completeness": None if one.completeness is None else float(one.completeness),
            }
            for one in returns
        ],
        "findings": {
            grade.value: number for grade, number in counts_by_grade(upload, findings).items()
        },
        "rules": [
            {
                "rule": one.rule.code,
                "field": one.field,
                "findings": one.findings,
                "sentence": one.rule.sentence,
            }
            for one in findings_by_rule(upload, findings, first=0)
        ],
    }


def _told(summary: dict[str, Any]) -> str:
    agencies = summary["agencies"]
    left_out = sum(one["episodes_rejected"] for one in agencies)
    without_consent = sum(one["rows_without_consent"] for one in agencies)
    what_follows = {
        UploadState.CHECKED: "It waits to be confirmed: give --confirm REASON, or use its page.",
        UploadState.LOADED: "It is loaded; its figures follow by job.",
    }
    lines = [
        (
            f"Return {summary['return']} for {summary['month']}: {summary['rows']:,} rows of"
            f" {len(agencies):,} {'agency' if len(agencies) == 1 else 'agencies'},"
            f" {without_consent:,} without consent;"
            f" {sum(one['episodes'] for one in agencies):,} episodes, {left_out:,} left out."
        ),
        *(
            f"  {one['rule']} {one['field']:<8} {one['findings']:>8,}  {one['sentence']}"
            for one in summary["rules"]
        ),
    ]
    if summary["ignored_headers"]:
        lines.append(f"Not used: {', '.join(summary['ignored_headers'])}.")
    lines.append(what_follows.get(UploadState(summary["state"]), ""))
    return "\n".join(line for line in lines if line)
