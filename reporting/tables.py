"""The list of long waits, for page, file and API."""

import datetime as dt
from typing import Any

import django_tables2
from django.urls import reverse

from commissioning.components import Tone
from commissioning.kernel.words import MISSING, day
from commissioning.reference import codes
from commissioning.tables import CountColumn, DayColumn, NameColumn, Table, TagColumn
from reporting.choices import LongWaitState
from reporting.models import LongWait
from reporting.selectors.long_waits import Sight

LONG_WAITS = "Long waits"
TONES: dict[str, Tone] = {
    LongWaitState.FOUND: "watch",
    LongWaitState.REVIEWING: "info",
    LongWaitState.CLOSED: "good",
}
WITHDRAWN = "No longer in the records"


def intervention(wait: LongWait) -> str:
    return codes("MODAL").get(str(wait.kind), str(wait.kind))


def standing_of(wait: LongWait) -> tuple[str, Tone]:
    """How far the review of a wait is, in a word."""
    if wait.withdrawn_on is not None:
        return WITHDRAWN, "plain"
    return wait.get_state_display(), TONES[wait.state]


def address_of(wait: LongWait) -> str:
    return reverse("reporting:long-wait-detail", args=[wait.pk])


class LongWaitTable(Table):
    """Waits; without the agency's references for whoever neither commissions nor treats."""

    caption = LONG_WAITS
    counted = ("wait", "waits")
    empty_title = "No long wait"

    number = NameColumn(accessor="pk", verbose_name="Wait", href=address_of)
    days = CountColumn(verbose_name="Days")
    is_open = django_tables2.Column(verbose_name="Offered")
    intervention = django_tables2.Column(accessor="kind", verbose_name="Intervention")
    referred_on = DayColumn(verbose_name="Asked for")
    partnership = django_tables2.Column(
        accessor="partnership__organisation__name", verbose_name="Partnership", default="Not known"
    )
    agency = django_tables2.Column(accessor="agency__name", verbose_name="Agency")
    client = django_tables2.Column(accessor="client_ref", verbose_name="Client", orderable=False)
    episode = django_tables2.Column(
        accessor="episode_ref", verbose_name="Episode", orderable=False
    )
    state = TagColumn(verbose_name="Review", tone=lambda wait: standing_of(wait)[1])
    owner = django_tables2.Column(accessor="owner__name", verbose_name="Owner", default="Nobody")
    cause = django_tables2.Column(visible=False)
    action = django_tables2.Column(visible=False, orderable=False)
    outcome = django_tables2.Column(visible=False, orderable=False)
    found_on = DayColumn(verbose_name="Found on")
    closed_on = DayColumn(verbose_name="Closed on", visible=False)

    class Meta:
        model = LongWait
        fields: tuple[str, ...] = ()
        sequence = (
            *("number", "days", "is_open", "intervention", "referred_on", "partnership"),
            *("agency", "client", "episode", "state", "owner", "cause", "action", "outcome"),
            *("found_on", "closed_on"),
        )

    def __init__(self, *args: Any, sight: Sight, hidden: tuple[str, ...] = (), **kwargs: Any):
        unseen = () if sight else ("client", "episode")
        super().__init__(*args, exclude=(*unseen, *hidden), **kwargs)
        self.sight = sight

    def render_is_open(self, record: LongWait) -> str:
        return "Still waiting" if record.is_open else day(record.offered_on)

    def value_is_open(self, record: LongWait) -> dt.date | str | None:
        return "Still waiting" if record.is_open else record.offered_on

    def render_intervention(self, record: LongWait) -> str:
        return intervention(record)

    def render_client(self, value: str, record: LongWait) -> str:
        return value if self.sight.covers(record) else MISSING

    def render_episode(self, value: str, record: LongWait) -> str:
        return value if self.sight.covers(record) else MISSING

    def render_state(self, record: LongWait, column: TagColumn) -> str:
        return column.render(standing_of(record)[0], record)

    def value_state(self, record: LongWait) -> str:
        return standing_of(record)[0]
