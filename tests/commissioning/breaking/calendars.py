"""The address of a person's calendar."""

from commissioning.kernel.clock import technical_now
from commissioning.models import CalendarFeed
from commissioning.models.api_keys import digest_of
from tests.architecture.constraints import again
from tests.factories.commissioning import UserFactory


def calendar():
    return CalendarFeed.objects.create(
        user=UserFactory(), digest=digest_of("first"), made_at=technical_now()
    )


BREAKING = {
    "person_has_one_calendar_address": lambda: again(calendar(), digest=digest_of("second")),
}
