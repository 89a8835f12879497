"""The guard on deeds: whoever calls a service is held to the same policy."""

from commissioning.kernel.errors import NotPermitted
from commissioning.roles import Permission
from commissioning.scoping import Actor


def require(by: Actor, permission: Permission, *, organisation_id: int | None) -> None:
    """Raise `NotPermitted` unless `by` holds the permission on the organisation.

    None stands for the nation as a whole.
    """
    reach = by.reach(permission)
    if not (reach.nation or (organisation_id is not None and reach.covers(organisation_id))):
        raise NotPermitted("Your role does not let you do this here.")
