"""What every page of the register begins with: to read it is open, to keep it the provider's."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from commissioning.kernel.clock import business_day
from commissioning.models import Organisation
from commissioning.roles import Permission
from commissioning.views.lists import Crumbs
from commissioning.views.requests import insist, signed_in
from providers.models import Provider, Service, Site
from providers.selectors.register.records import provider_at, service_at, site_at

FORM = "providers/register/form.html"
PAGE = ["GET", "HEAD", "POST"]


def provider_or_404(code: str) -> Provider:
    found = provider_at(code)
    if found is None:
        raise Http404
    return found


def service_or_404(code: str, slug: str) -> Service:
    found = service_at(code, slug, on=business_day())
    if found is None:
        raise Http404
    return found


def site_or_404(code: str, slug: str) -> Site:
    found = site_at(code, slug)
    if found is None:
        raise Http404
    return found


def insist_on_keeping(request: HttpRequest, provider: Provider) -> None:
    """403 unless the person keeps the provider's register."""
    insist(request, Permission.REGISTER_EDIT, provider.organisation)


def keeps(request: HttpRequest, provider: Provider) -> bool:
    return signed_in(request).reach(Permission.REGISTER_EDIT).covers(provider.pk)


def services_href(provider: Provider) -> str:
    return reverse("providers:service-list", args=[provider.code])


def service_href(service: Service, page: str = "service-detail") -> str:
    return reverse(f"providers:{page}", args=[service.provider.code, service.slug])


def sites_href(provider: Provider) -> str:
    return reverse("providers:site-list", args=[provider.code])


def crumbs(provider: Provider, *more: tuple[str, str]) -> Crumbs:
    """The provider's overview, its services, and what follows."""
    organisation: Organisation = provider.organisation
    return [
        (organisation.name, f"/provider/{organisation.code}/"),  # the overview of the app above
        *more,
    ]


def form_page(
    form: Any, *, heading: str, button: str, cancel_href: str, breadcrumbs: Crumbs, **more: Any
) -> dict[str, Any]:
    """What the register's page of a form is given."""
    return {
        "form": form,
        "page_heading": heading,
        "button": button,
        "cancel_href": cancel_href,
        "breadcrumbs": breadcrumbs,
        **more,
    }
