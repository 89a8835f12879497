"""One's own API keys: making one, seeing it once, revoking it."""

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_http_methods, require_safe

from commissioning.choices import KeyState
from commissioning.forms.api_keys import KeyForm
from commissioning.kernel.clock import technical_now
from commissioning.selectors.api_keys import keys_of
from commissioning.services.api_keys import make_key, revoke_key
from commissioning.views.requests import attempt, signed_in

FORM = "commissioning/form.html"
LIST = reverse_lazy("commissioning:api-key-list")
CRUMBS = [("Your account", reverse_lazy("commissioning:account")), ("API keys", LIST)]
TONES = {KeyState.IN_FORCE: "good", KeyState.EXPIRED: "watch", KeyState.REVOKED: "plain"}


@require_safe
def api_key_list(request: HttpRequest) -> HttpResponse:
    person, now = signed_in(request), technical_now()
    states = [(key, key.state_at(now)) for key in keys_of(person)]
    return render(
        request,
        "commissioning/api_key_list.html",
        {
            "person": person,
            "keys": [
                {
                    "key": key,
                    "state": state.label,
                    "tone": TONES[state],
                    "is_in_force": state == KeyState.IN_FORCE,
                }
                for key, state in states
            ],
            "page_heading": "API keys",
            "breadcrumbs": [CRUMBS[0], ("API keys", "")],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]  # a desk left open gives no key
def api_key_make(request: HttpRequest) -> HttpResponse:
    """Make a key. The answer to the form is the only page that ever shows it."""
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: make_key(**form.cleaned_data, by=signed_in(request)))
        if made:
            key, written = made
            return render(
                request,
                "commissioning/api_key_made.html",
                {
                    "key": key,
                    "written": written,
                    "page_heading": f"The key “{key}”",
                    "breadcrumbs": [*CRUMBS, (key.name, "")],
                },
            )
    return render(
        request,
        FORM,
        {
            "form": form,
            "lead": "A program that sends the key asks as you, with the rights you hold at that"
            " moment.",
            "button": "Make the key",
            "cancel_href": LIST,
            "page_heading": "Make an API key",
            "breadcrumbs": [*CRUMBS, ("Make a key", "")],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def api_key_revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Revoke one's own key; another person's does not exist."""
    person = signed_in(request)
    key = get_object_or_404(person.api_keys, pk=number)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        revoked = attempt(form, lambda: revoke_key(key=key, by=person))
        if revoked:
            messages.success(request, f"The key “{key}” is revoked: its programs are refused.")
            return redirect(LIST)
    return render(
        request,
        FORM,
        {
            "form": form,
            "lead": "Programs that use it are refused from their next request. It cannot be taken"
            " back: a new key would be needed.",
            "button": "Revoke the key",
            "cancel_href": LIST,
            "page_heading": f"Revoke the key “{key}”",
            "breadcrumbs": [*CRUMBS, ("Revoke", "")],
        },
    )
