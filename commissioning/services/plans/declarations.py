"""Declarations: what the service cannot know is declared, and what fails is given a reason."""

from collections.abc import Sequence

from django.db import transaction

from commissioning.checks import IN_FORCE, Answer, Check
from commissioning.kernel.errors import DomainError
from commissioning.models import Declaration, Document, Plan
from commissioning.scoping import Actor
from commissioning.services.audit import record
from commissioning.services.plans.editing import lock_for_editing


class NotDeclared(DomainError):
    """The check cannot be answered so."""


@transaction.atomic
def declare(
    *,
    plan: Plan,
    check_code: str,
    holds: bool,
    grounds: str,
    items: Sequence[str] = (),
    document: Document | None = None,
    by: Actor,
    revision: int | None = None,
) -> Declaration:
    """Declare that a check holds, or give the reason why it does not.

    Only what the service does not hold can be declared to hold, with everything the check asks
    for among `items`. Raises `NotDeclared`, and as `lock_for_editing` does.
    """
    held = lock_for_editing(plan=plan, by=by, revision=revision)
    check = IN_FORCE.get(check_code)
    if check is None:
        raise NotDeclared("There is no such check.")
    _refuse_what_cannot_be(check, holds=holds, grounds=grounds, items=items)
    if document is not None and document.organisation_id != held.partnership_id:
        raise NotDeclared(f"“{document}” is not kept for {held.partnership}.", field="document")
    declaration, _ = Declaration.objects.update_or_create(
        plan=held,
        check_code=check_code,
        defaults={
            "holds": holds,
            "grounds": grounds.strip(),
            "items": list(items),
            "document": document,
        },
    )
    _tell("plan.check_declared", held, check, by, holds=holds, reason=declaration.grounds)
    return declaration


@transaction.atomic
def withdraw_declaration(
    *, declaration: Declaration, by: Actor, revision: int | None = None
) -> None:
    """Take a declaration, or a reason, back. Raises as `lock_for_editing` does."""
    held = lock_for_editing(plan=declaration.plan, by=by, revision=revision)
    Declaration.objects.filter(pk=declaration.pk, plan=held).delete()
    check = IN_FORCE[declaration.check_code]
    _tell("plan.declaration_withdrawn", held, check, by)


def _refuse_what_cannot_be(
    check: Check, *, holds: bool, grounds: str, items: Sequence[str]
) -> None:
    if check.answer is Answer.MEND:
        raise NotDeclared(f"“{check.title}” is mended in the plan; no reason settles it.")
    if not grounds.strip():
        raise NotDeclared("Give the grounds.", field="grounds")
    if holds and check.answer is not Answer.DECLARE:
        raise NotDeclared(
            f"The plan itself shows whether “{check.title}” holds: give a reason.", field="grounds"
        )
    asked = {code for code, _ in check.asks}
    if set(items) - asked:
        raise NotDeclared("The check does not ask for this.")
    if holds and asked - set(items):
        raise NotDeclared(
            "Tick everything that the check asks for, or say that it does not hold.", field="items"
        )


def _tell(action: str, plan: Plan, check: Check, by: Actor, **more: object) -> None:
    record(
        action,
        plan,
        by=by,
        organisation=plan.partnership.organisation,
        check=check.title,
        **more,
    )
