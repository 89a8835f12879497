"""Places, what happened to them, and which nights they are not free.

A place's history is append-only; a correction is an event of its own. What is true now is
`Occupancy`, written by the same service under a lock on the place; its exclusion constraint is
the backstop. Vacancies are derived from both and never typed over.
"""

import datetime as dt
from typing import Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import (
    CharField,
    DecimalField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    Value,
)
from django.db.models.functions import Cast, NullIf
from psycopg.types.range import DateRange

from commissioning.models import Partnership, User
from commissioning.scoping import Permitted
from providers.choices import MoveOn, OccupancyKind, PlaceEventKind, PlaceKind, SexTaken
from providers.models.night_sums import KEEPERS
from providers.models.register import Service, opened_by


class PlaceQuerySet(Permitted["Place"]):
    """Places of services."""

    provider_path = "service__provider"

    def open_on(self, day: dt.date) -> Self:
        return self.filter(opened_by(day))

    def in_order(self) -> Self:
        """By name, Bed 2 before Bed 10: by the words of a name, then by its number."""
        digits = Func(
            "label",
            Value(r"\D+"),
            Value(""),
            Value("g"),
            function="regexp_replace",
            output_field=CharField(),
        )
        words = Func(
            "label",
            Value(r"\d+"),
            Value(""),
            Value("g"),
            function="regexp_replace",
            output_field=CharField(),
        )
        number = Cast(NullIf(digits, Value("")), DecimalField(max_digits=40, decimal_places=0))
        return self.alias(words=words, number=number).order_by("words", "number", "label", "pk")

    def free_between(self, start: dt.date, until: dt.date, *, now: dt.datetime) -> Self:
        """Places that nobody has on any night from `start` to before `until`.

        Places beyond capacity are never free. A hold that is over at the instant `now` is
        nobody's.
        """
        in_the_way = Occupancy.objects.filter(
            place=OuterRef("pk"), nights__overlap=DateRange(start, until)
        ).exclude(held_until__lte=now)
        return self.filter(
            Q(closed_on__isnull=True) | Q(closed_on__gte=until),
            ~Exists(in_the_way),
            opened_on__lte=start,
            overbooked_for="",
        )


class Place(models.Model):
    """A unit of capacity that one person can have at a time: a bed, a slot, a place.

    `overbooked_for`: the reason for which a service opened a place beyond its capacity. Such a
    place never counts as free.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="places")
    label = models.CharField(max_length=40)
    kind = models.CharField(max_length=14, choices=PlaceKind.choices)
    sex = models.CharField(max_length=5, choices=SexTaken.choices, default=SexTaken.ANY)
    is_accessible = models.BooleanField(default=False)
    overbooked_for = models.CharField(max_length=300, blank=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["label", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "label"], name="place_has_a_label_of_its_own"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=PlaceKind.values), name="place_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(sex__in=SexTaken.values), name="place_says_whom_it_takes"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="place_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class PlaceEventQuerySet(Permitted["PlaceEvent"]):
    """The history of places."""

    provider_path = "place__service__provider"


class PlaceEvent(models.Model):
    """Something that happened to a place, from the night `on`. Never changed, never removed.

    `until`: the first night that is free again, where one is planned. `about`: the event with
    which the nights began that this one changes or ends. `case` is a reference of the
    commissioner or provider, never a name. `corrects`: the event this one takes back or, where
    `is_anew`, says again as it was. `cause` names the deed that brought it about, so that it
    happens once.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="events", db_index=False)
    kind = models.CharField(max_length=14, choices=PlaceEventKind.choices)
    on = models.DateField()
    until = models.DateField(null=True, blank=True)
    about = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    partnership = models.ForeignKey(
        Partnership, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    held_until = models.DateTimeField(null=True, blank=True)
    case = models.CharField(max_length=40, blank=True)
    move_on = models.CharField(max_length=18, choices=MoveOn.choices, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    cause = models.CharField(max_length=120, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    is_anew = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    system = models.CharField(max_length=60, blank=True)

    objects = PlaceEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=PlaceEventKind.values), name="place_event_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("on")),
                name="place_event_lasts_a_night_or_more",
            ),
            models.CheckConstraint(
                condition=~Q(kind=PlaceEventKind.OUT_OF_SERVICE) | ~Q(reason=""),
                name="place_goes_out_of_service_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(kind=PlaceEventKind.CORRECTED, corrects__isnull=False)
                | (~Q(kind=PlaceEventKind.CORRECTED) & Q(corrects__isnull=True)),
                name="correction_names_what_it_corrects",
            ),
            models.CheckConstraint(
                condition=Q(is_anew=False) | Q(kind=PlaceEventKind.CORRECTED),
                name="only_a_correction_says_something_anew",
            ),
            models.CheckConstraint(
                condition=~Q(kind=PlaceEventKind.CORRECTED) | ~Q(reason=""),
                name="history_is_corrected_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(kind=PlaceEventKind.HELD)
                | Q(held_until__isnull=False, partnership__isnull=False),
                name="hold_says_for_whom_and_how_long",
            ),
            models.UniqueConstraint(
                fields=["place", "cause", "kind"],
                condition=~Q(cause=""),
                name="place_event_happens_once_for_its_cause",
            ),
        ]
        indexes = [models.Index(fields=["place", "on"], name="place_event_by_night")]
        triggers = [
            pgtrigger.Protect(
                name="place_history_is_append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.get_kind_display().lower()} on {self.on}"


class OccupancyQuerySet(Permitted["Occupancy"]):
    """Nights that are taken: seen by the provider, and by the partnership that took them."""

    provider_path = "place__service__provider"
    partnership_path = "partnership"

    def on(self, night: dt.date) -> Self:
        return self.filter(nights__contains=night)

    def awaiting_word(self, night: dt.date) -> Self:
        """Nights whose planned end came by this night, and nobody said that they ended."""
        return self.filter(is_ended=False, planned_until__lte=night)


class Occupancy(models.Model):
    """Nights on which a place is not free, and why. True now; its history is in the events.

    One row from a hold to the end of the stay: `began` is the event with which it began, and the
    events about it name that one. `nights` is half-open: the last day is the day it is free
    again; without an end it stays taken until something is said. `planned_until` is the end that
    is planned: a stay of which nobody said that it ended runs on past it, night by night.
    `held_until` is the instant at which a hold ends by itself. The nights of what ended are added
    up beside it: `NightSum`.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="occupancies")
    nights = DateRangeField()
    kind = models.CharField(max_length=14, choices=OccupancyKind.choices)
    began = models.OneToOneField(PlaceEvent, models.PROTECT, related_name="+")
    planned_until = models.DateField(null=True, blank=True)
    is_ended = models.BooleanField(default=False)
    partnership = models.ForeignKey(
        Partnership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    case = models.CharField(max_length=40, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)

    objects = OccupancyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "occupancies"
        constraints = [
            ExclusionConstraint(
                name="place_has_one_thing_a_night",
                expressions=[
                    ("place", RangeOperators.EQUAL),
                    ("nights", RangeOperators.OVERLAPS),
                ],
                # Checked with each statement; a correction may move several spells past another.
                deferrable=models.Deferrable.IMMEDIATE,
            ),
            models.CheckConstraint(
                condition=Q(nights__isempty=False, nights__lower_inf=False),
                name="occupancy_lasts_a_night_or_more",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=OccupancyKind.values), name="occupancy_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind=OccupancyKind.HELD, held_until__isnull=False, partnership__isnull=False
                )
                | (~Q(kind=OccupancyKind.HELD) & Q(held_until__isnull=True)),
                name="hold_is_somebodys_and_ends",
            ),
        ]
        indexes = [
            # Whoever asks which places are taken reads the answer in the index.
            GistIndex(
                fields=["nights"],
                include=["place", "kind", "held_until"],
                name="occupancy_by_night",
            ),
            models.Index(
                fields=["place"],
                include=["kind", "nights"],
                condition=Q(is_ended=False),
                name="occupancy_not_ended",
            ),
            models.Index(
                fields=["held_until"],
                condition=Q(held_until__isnull=False),
                name="hold_by_its_end",
            ),
        ]
        triggers = KEEPERS

    def __str__(self) -> str:
        return f"{self.place}: {self.get_kind_display().lower()}"


class BoardQuerySet(Permitted["Board"]):
    """When boards were last stated."""

    provider_path = "service__provider"


class Board(models.Model):
    """When somebody last said how a service's places stand, by an event or by “no change”."""

    service = models.OneToOneField(Service, models.PROTECT, primary_key=True, related_name="board")
    stated_at = models.DateTimeField()
    stated_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = BoardQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.service}: {self.stated_at:%d %b %Y %H:%M}"


class ConfirmLinkQuerySet(Permitted["ConfirmLink"]):
    """Links that were sent."""

    provider_path = "service__provider"


class ConfirmLink(models.Model):
    """A link sent to a person, by which they can say once that nothing changed, and no more.

    Only the hash of its secret is kept, so a letter that did not go gets a secret of its own when
    it is tried again. `sent_at`: when the letter was taken; until then it is still to go.
    """

    service = models.ForeignKey(Service, models.CASCADE, related_name="confirm_links")
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = ConfirmLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.service}, for {self.person}"
