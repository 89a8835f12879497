"""Answers to people who are signed in are theirs alone: no cache may keep them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class NeverCache:
    """Marks every answer to somebody signed in `no-store, private`.

    So that the back button on a shared desk, or a proxy between, never shows the last person's
    page. Answers to nobody (the sign-in page) and static files keep their own headers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response["Cache-Control"] = "no-store, private"
        return response
