"""The documents a plan hangs together with: named, and attached where they are kept here."""

from django.db import transaction

from commissioning.choices import DocumentRole
from commissioning.kernel.errors import DomainError
from commissioning.models import Document, Plan, PlanDocument
from commissioning.scoping import Actor
from commissioning.services.audit import record
from commissioning.services.plans.editing import lock_for_editing


class DocumentNotLinked(DomainError):
    """The document cannot be found by what was said of it."""


@transaction.atomic
def link_document(
    *,
    plan: Plan,
    role: DocumentRole,
    title: str,
    where: str = "",
    document: Document | None = None,
    note: str = "",
    by: Actor,
    revision: int | None = None,
) -> PlanDocument:
    """Name a document of the plan. It is attached, or `where` says where it is kept.

    Raises `DocumentNotLinked`, and as `lock_for_editing` does.
    """
    held = lock_for_editing(plan=plan, by=by, revision=revision)
    if document is None and not where.strip():
        raise DocumentNotLinked(
            "Say where the document is kept, or choose one that is kept here.", field="where"
        )
    if document is not None and document.organisation_id != held.partnership_id:
        raise DocumentNotLinked(
            f"“{document}” is not kept for {held.partnership}.", field="document"
        )
    linked = PlanDocument.objects.create(
        plan=held,
        role=role,
        title=title.strip(),
        where=where.strip(),
        document=document,
        note=note.strip(),
    )
    _tell("plan.document_linked", linked, held, by)
    return linked


@transaction.atomic
def unlink_document(*, linked: PlanDocument, by: Actor, revision: int | None = None) -> None:
    """Take a document out of the plan; the file itself stays."""
    held = lock_for_editing(plan=linked.plan, by=by, revision=revision)
    _tell("plan.document_unlinked", linked, held, by)
    PlanDocument.objects.filter(pk=linked.pk, plan=held).delete()


def _tell(action: str, linked: PlanDocument, plan: Plan, by: Actor) -> None:
    record(
        action,
        plan,
        by=by,
        organisation=plan.partnership.organisation,
        title=linked.title,
        role=DocumentRole(linked.role).label,
    )
