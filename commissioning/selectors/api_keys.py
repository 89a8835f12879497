"""A person's API keys, and whose key was written."""

from collections.abc import Sequence

from commissioning.models import ApiKey, User
from commissioning.models.api_keys import digest_of


def keys_of(person: User) -> Sequence[ApiKey]:
    """A person's own keys, the newest first, with those that ended."""
    return list(ApiKey.objects.filter(person=person).order_by("-made_at", "-pk"))


def key_written(written: str) -> ApiKey | None:
    """The key, in whatever state, with its person as they are now; None for no key of ours."""
    return ApiKey.objects.select_related("person").filter(digest=digest_of(written)).first()
