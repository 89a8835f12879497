"""The lists of links, of partner agencies, and of what is missing."""

from typing import Any

import django_filters
import django_tables2
from django.db.models import Q, QuerySet

from aftercare.choices import LinkKind
from aftercare.models import AftercareLink, PartnerAgency
from aftercare.selectors.links import Gap
from commissioning.components import Tone
from commissioning.kernel.words import MISSING
from commissioning.list_filters import ListFilter
from commissioning.tables import CountColumn, DayColumn, NameColumn, Table, TagColumn

IN_FORCE, TO_CONFIRM, ENDED = "In force", "Confirm again", "Ended"
STANDINGS = {"in-force": IN_FORCE, "confirm-again": TO_CONFIRM, "ended": ENDED}
_TONES: dict[str, Tone] = {IN_FORCE: "good", TO_CONFIRM: "watch", ENDED: "plain"}


class LinkFilter(ListFilter):
    """Links by kind and standing; what has ended only when it is asked for."""

    kind = django_filters.ChoiceFilter(
        label="Kind", choices=LinkKind.choices, empty_label="Any kind"
    )
    standing = django_filters.ChoiceFilter(
        label="Standing",
        choices=[*STANDINGS.items()],
        empty_label="All that has not ended",
        method="later",
    )
    words = django_filters.CharFilter(label="Words", method="with_words")

    class Meta:
        model = AftercareLink
        fields: list[str] = []

    def later(self, rows: QuerySet[AftercareLink], name: str, value: str) -> Any:
        return rows

    def with_words(self, rows: QuerySet[AftercareLink], name: str, value: str) -> Any:
        return rows.filter(
            Q(partner__name__icontains=value)
            | Q(offers__icontains=value)
            | Q(service__name__icontains=value)
        )


class LinkTable(Table):
    """Links of a partnership or a provider. Each row has its `standing`."""

    caption = "Aftercare links"
    counted = ("link", "links")
    empty_title = "No link"

    partner = NameColumn(accessor="partner__name", verbose_name="Partner agency")
    service = django_tables2.Column(
        accessor="service__name", verbose_name="For whoever leaves", default=MISSING
    )
    kind = django_tables2.Column(accessor="get_kind_display", verbose_name="Kind")
    offers = django_tables2.Column(verbose_name="Offers", orderable=False)
    how_to_refer = django_tables2.Column(verbose_name="How to refer", orderable=False)
    agreed_on = DayColumn(verbose_name="Agreed on")
    confirmed_on = DayColumn(verbose_name="Last confirmed")
    standing = TagColumn(
        verbose_name="Standing", tone=lambda one: _TONES[one.standing], verdict=True
    )


class PartnerTable(Table):
    """Partner agencies of a partnership or a provider."""

    caption = "Partner agencies"
    counted = ("agency", "agencies")
    empty_title = "No partner agency yet"

    name = NameColumn(verbose_name="Name")
    telephone = django_tables2.Column(default=MISSING)
    email = django_tables2.Column(verbose_name="E-mail", default=MISSING)
    address = django_tables2.Column(default=MISSING, orderable=False)
    in_force = CountColumn(verbose_name="Links in force")
    ended_on = DayColumn(verbose_name="Ended on")

    class Meta:
        model = PartnerAgency
        fields: tuple[str, ...] = ()
        sequence = ("name", "telephone", "email", "address", "in_force", "ended_on")


class GapTable(Table):
    """Partnerships and Tier 4 services that lack a link."""

    caption = "Missing aftercare links"
    counted = ("gap", "gaps")
    empty_title = "Nothing is missing"

    name = NameColumn(verbose_name="Partnership or Tier 4 service")
    organisation = django_tables2.Column(verbose_name="Whose it is")
    words = django_tables2.Column(verbose_name="No link to", attrs={})

    def render_words(self, record: Gap) -> str:
        return record.words[0].upper() + record.words[1:]
