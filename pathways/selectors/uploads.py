"""Files of returns as lists show them: what each holds of what one person reaches."""

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from commissioning.models import User
from commissioning.roles import Permission
from pathways.models import Return, Upload


def uploads_for(person: User) -> QuerySet[Upload]:
    """The newest first: files of one's own provider, and those that hold a return one may view.

    Each has `reached`: the returns in it that the person may view, with the `agency_code`, the
    `provider` of the agency and its `provider_code`, and the `partnership_code`. A file may hold
    the returns of all England: they come without the records they point to.
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
                mine.annotate(
                    agency_code=F("agency__code"),
                    provider=F("agency__provider"),
                    provider_code=F("agency__provider__organisation__code"),
                    partnership_code=F("agency__partnership__organisation__code"),
                )
                .defer("missing_by_field")
                .order_by("agency__name", "pk"),
                to_attr="reached",
            )
        )
        .newest_first()
    )


def providers_in(upload: Upload) -> set[int | None]:
    """Who sent a file of `uploads_for`, and the providers of what the person reaches in it."""
    reached: list[Return] = upload.reached  # type: ignore[attr-defined]
    return {upload.provider_id, *(vars(one)["provider"] for one in reached)}
