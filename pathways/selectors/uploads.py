"""Files of returns as lists show them: what each holds of what one person reaches."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from commissioning.models import User
from commissioning.roles import Permission
from pathways.models import Return, Upload


def uploads_for(person: User) -> QuerySet[Upload]:
    """The newest first: files of one's own provider, and those that hold a return one may view.

    Each has `reached`: the returns in it that the person may view.
    """
    mine = Return.objects.permitted(person, Permission.RETURN_VIEW)
    own = Upload.objects.permitted(person, Permission.RETURN_VIEW)
    return (
        Upload.objects.filter(
            Q(pk__in=own.order_by().values("pk"))
            | Exists(mine.filter(upload=OuterRef("pk")).order_by())
        )
        .select_related("provider__organisation")
        .prefetch_related(
            Prefetch(
                "returns",
                mine.select_related(
                    "agency__provider__organisation", "agency__partnership__organisation"
                ).order_by("agency__name", "pk"),
                to_attr="reached",
            )
        )
        .newest_first()
    )
