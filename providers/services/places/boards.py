"""When a board was last stated: by any event that the provider says, or by “no change”."""

from collections.abc import Iterable

from django.db import transaction

from commissioning.kernel.clock import technical_now
from commissioning.models import User
from commissioning.roles import Permission
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from providers.models import Board, Service


def states(service: Service, by: Actor) -> None:
    """The board is as fresh as this deed, if it is one of those who keep it."""
    if isinstance(by, User) and by.reach(Permission.PLACES_KEEP).covers(service.provider_id):
        state_each([service], by)


def state_each(services: Iterable[Service], by: User) -> None:
    """Stamp boards in one statement."""
    now = technical_now()
    boards = sorted(services, key=lambda one: one.pk)
    Board.objects.bulk_create(
        [Board(service=one, stated_at=now, stated_by=by) for one in boards],
        update_conflicts=True,
        unique_fields=["service"],
        update_fields=["stated_at", "stated_by"],
    )


@transaction.atomic
def state_no_change(*, service: Service, by: User, through: str = "") -> None:
    """Somebody looked: the board is as it stands. `through`: how, if not on the page."""
    require(by, Permission.PLACES_KEEP, organisation_id=service.provider_id)
    state_each([service], by)
    record(
        "board.stated",
        service,
        by=by,
        organisation=service.provider.organisation,
        **({"through": through} if through else {}),
    )
