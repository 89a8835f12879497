"""One's own account: roles, password, and the organisation one acts for."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from commissioning.context import ACTING_AS, acting_membership
from commissioning.kernel.clock import business_day
from commissioning.views.requests import signed_in


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    person = signed_in(request)
    return render(
        request,
        "commissioning/account.html",
        {
            "person": person,
            "memberships": person.held_memberships(),
            "past": person.memberships.filter(until_on__lte=business_day())
            .select_related("organisation")
            .order_by("-until_on", "-pk"),
            "acting": acting_membership(request),
            "page_heading": "Your account",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def acting_organisation(request: HttpRequest) -> HttpResponse:
    """Choose whom one acts for. It changes the home page and the menu, never a right."""
    held = signed_in(request).held_memberships()
    if request.method == "POST":
        chosen = next((one for one in held if str(one.pk) == request.POST.get("membership")), None)
        if chosen is None:
            raise Http404
        request.session[ACTING_AS] = chosen.pk
        messages.success(
            request, f"You act for {chosen.organisation} as {chosen.get_role_display().lower()}."
        )
        return redirect("/")
    return render(
        request,
        "commissioning/acting_organisation.html",
        {
            "memberships": held,
            "acting": acting_membership(request),
            "page_heading": "Whom do you act for?",
            "breadcrumbs": [("Your account", "/account/"), ("Whom you act for", "")],
        },
    )
