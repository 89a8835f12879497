"""Loading a file to see what comes of it, in a transaction that is taken back."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

from pathways.models import StagedRow, Upload
from pathways.services.confirming import lock_agencies
from pathways.services.journeys import lock_journeys, rebuild_journeys, standing_rule_set
from pathways.services.staging import stage_rows
from pathways.services.versions import bring_versions, note_touched, prepare_for_sets

Answer = TypeVar("Answer")


def tried(upload: Upload, look: Callable[[], Answer]) -> tuple[Answer, Answer]:
    """What `look` sees before the checked file is loaded, and after. Nothing of it stays.

    Loaded as it would be if it were confirmed with vanished episodes kept. Holds the locks that
    loading holds, for as long as it takes.
    """
    with transaction.atomic():
        lock_agencies(upload)
        prepare_for_sets()
        if upload.rows and not StagedRow.objects.filter(upload_id=upload.pk).exists():
            stage_rows(upload=upload)  # a crash of the database empties the staging table
        before = look()
        bring_versions(upload=upload)
        lock_journeys()
        note_touched(returns=list(upload.returns.values_list("pk", flat=True)))
        rebuild_journeys(rule_set=standing_rule_set(otherwise=upload.rule_set))
        after = look()
        transaction.set_rollback(True)
    return before, after
