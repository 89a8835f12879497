"""The freshness league: whose boards can be relied on, in England and in each region."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from commissioning.kernel.clock import business_day, technical_now
from commissioning.models import Organisation, Partnership
from commissioning.roles import Permission
from commissioning.selectors.organisations import regions
from commissioning.selectors.rule_sets import settings_in_force
from commissioning.tables import CountColumn, MomentColumn, NameColumn, PercentColumn, Table
from commissioning.views.lists import list_response
from commissioning.views.requests import signed_in
from providers.filters.freshness import FreshnessFilter
from providers.selectors.freshness import freshness_league


class FreshnessTable(Table):
    """Providers and the freshness of their boards."""

    caption = "Freshness of boards by provider"
    counted = ("provider", "providers")
    empty_title = "No provider has a board here"

    organisation = NameColumn(
        verbose_name="Provider",
        order_by=("organisation__name", "pk"),
        href=lambda one: reverse("reporting:provider", args=[one.organisation.code]),
    )
    boards = CountColumn(verbose_name="Boards")
    fresh = CountColumn(verbose_name="Fresh")
    share = PercentColumn(verbose_name="Share fresh")
    oldest = MomentColumn(verbose_name="Stalest was stated", default="–")
    newest = MomentColumn(verbose_name="Freshest was stated", default="–")


@require_safe
def freshness(request: HttpRequest, code: str = "") -> HttpResponseBase:
    """For everybody who is signed in: a board is only as good as it is fresh."""
    today = business_day()
    rules = settings_in_force(on=today)
    region = _region(code) if code else None
    buyers = Partnership.objects.permitted(signed_in(request), Permission.CONTRACT_VIEW)
    shown = FreshnessFilter(
        request.GET, queryset=None, request=request, buyers=list(buyers.by_name())
    )
    shown.queryset = freshness_league(
        on=today, now=technical_now(), rules=rules, region=region, buyer=shown.bought_by
    )
    table = FreshnessTable(shown.qs, empty_text="Providers open their places under Places.")
    where = region.name if region else "England"
    of = f"{where}, on a contract with {shown.bought_by}" if shown.bought_by else where
    return list_response(
        request,
        table,
        heading=f"Freshness of boards: {of}",
        filterset=shown,
        template="providers/places/freshness.html",
        breadcrumbs=[(where, _overview(region)), ("Freshness of boards", "")],
        hours=rules.board_unknown_hours,
    )


def _region(code: str) -> Organisation:
    found = regions().filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _overview(region: Organisation | None) -> str:
    if region is None:
        return reverse("reporting:england")
    return reverse("reporting:region", args=[region.code])
