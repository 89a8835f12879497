"""Checking a file that was received: reading it, holding it to every rule, counting what is in it.

All in one transaction: a worker that dies leaves the file as it was received, and the next begins
again. A file that cannot be a return is rejected with one sentence and nothing else.
"""

import dataclasses
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from commissioning.kernel.periods import Grain, Period
from commissioning.models import Organisation
from commissioning.scoping import Actor, System
from commissioning.services.audit import record
from commissioning.services.jobs import Run, announce
from pathways.checks import (
    COUNT_EPISODES,
    FORGET_EPISODES,
    GATHER_DOUBTFUL,
    GATHER_EPISODES,
    HEADS_OF_DRUGS,
    IN_FORCE,
    KNOW_DOUBTFUL,
    make_returns,
    statements,
)
from pathways.choices import Grade, UploadState
from pathways.models import Finding, Return, Upload
from pathways.ndtms.refusals import FileRefused, NamesAnotherAgency
from pathways.services.receiving import turn_away
from pathways.services.staging import Staged, Tell, quietly, require_newest_month, stage_rows


def check_upload(run: Run) -> None:
    """The job: check the file its event names. Safe to run again."""
    check_file(
        number=run.payload["upload"],
        by=run.job.person or System("check_upload"),
        tell=run.tell,
        before_commit=run.require_lease,
    )


def check_file(
    *,
    number: int,
    by: Actor,
    tell: Tell = quietly,
    before_commit: Callable[[], None] = lambda: None,
) -> Upload:
    """Check a received file: it becomes CHECKED with its findings, or REJECTED with a sentence.

    `tell` is told of progress, `before_commit` may raise to give everything up. A file that is
    past its check is left as it is.
    """
    try:
        with transaction.atomic():
            upload = _locked(number)
            if upload.state == UploadState.UPLOADED:
                _check(upload, by=by, tell=tell)
                before_commit()
            return upload
    except FileRefused as refused:
        with transaction.atomic():
            before_commit()
            return _refuse(number, refused, by=by)


def _locked(number: int) -> Upload:
    return (
        Upload.objects.select_for_update(of=["self"])
        .select_related("rule_set", "provider__organisation")
        .get(pk=number)
    )


def _check(upload: Upload, *, by: Actor, tell: Tell) -> None:
    Finding.objects.filter(upload=upload).delete()
    Return.objects.filter(upload=upload).delete()
    staged = stage_rows(upload=upload, tell=tell)
    require_newest_month(upload)
    _hold_to_the_rules(upload, staged, tell=tell)
    upload.state = UploadState.CHECKED
    upload.rows = staged.rows
    upload.ignored_headers = list(staged.ignored_headers)
    upload.save(update_fields=["state", "rows", "ignored_headers"])
    organisation = _organisation(upload)
    record("return.checked", upload, by=by, organisation=organisation, rows=staged.rows)
    if upload.provider_id is not None:
        announce(
            "upload.checked",
            cause=f"upload:{upload.number}:checked",
            title=f"Work out what return {upload.number} changes",
            by=by,
            organisation=organisation,
            upload=upload.number,
        )


def _hold_to_the_rules(upload: Upload, staged: Staged, *, tell: Tell) -> None:
    rules = [rule for rule in IN_FORCE.values() if rule.holds_for(upload.month)]
    of_rows = list(statements(rule for rule in rules if rule.grade != Grade.RETURN))
    of_returns = list(statements(rule for rule in rules if rule.grade == Grade.RETURN))
    parameters = _parameters(upload)
    steps = [
        ("Counting", FORGET_EPISODES),
        ("Counting", GATHER_EPISODES),
        ("Counting", GATHER_DOUBTFUL),
        ("Counting", KNOW_DOUBTFUL),
        ("Counting", make_returns()),
        *of_rows,
        ("Counting", COUNT_EPISODES),
        *of_returns,
    ]
    with connection.cursor() as cursor:
        # The serving role cannot analyse the staged rows, and on old counts of them the planner
        # compares every row with every other. Sets this large are never joined row by row.
        cursor.execute("SET LOCAL enable_nestloop = off")
        for number, (note, statement) in enumerate(steps):
            tell(number, len(steps), note)
            cursor.execute(statement, parameters)
    _note_what_reading_found(upload, staged)


def _parameters(upload: Upload) -> dict[str, Any]:
    """What statements may name: the settings of the rule set, and what is asked of this return."""
    return {
        **dataclasses.asdict(upload.rule_set.read()),
        "upload": upload.pk,
        "month": upload.month,
        "year_began": Period.containing(upload.month, Grain.YEAR).start,
        "cut_off": upload.cut_off,
        "heads_of_drugs": list(HEADS_OF_DRUGS),
    }


def _note_what_reading_found(upload: Upload, staged: Staged) -> None:
    found = [Finding(rule="N02", row=line) for line in staged.repeated_headers]
    if staged.days_are_ambiguous:
        found.append(Finding(rule="R05"))
    for finding in found:
        finding.upload = upload
        finding.grade = IN_FORCE[finding.rule].grade
    Finding.objects.bulk_create(found)


def _refuse(number: int, refused: FileRefused, *, by: Actor) -> Upload:
    upload = _locked(number)
    if upload.state != UploadState.UPLOADED:
        return upload
    Finding.objects.create(
        upload=upload,
        rule=refused.code,
        grade=Grade.FILE,
        row=refused.row,
        field=refused.field,
        sentence=str(refused),
    )
    if isinstance(refused, NamesAnotherAgency):
        record(
            "security.return_names_another_agency",
            upload,
            by=by,
            organisation=_organisation(upload),
            row=refused.row,
        )
    turn_away(upload=upload, sentence=str(refused), by=by)
    return upload


def _organisation(upload: Upload) -> Organisation | None:
    return upload.provider.organisation if upload.provider else None
