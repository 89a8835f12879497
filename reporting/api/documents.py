"""The description of the API, and its page, within the content-security policy."""

from functools import cache
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import IsAuthenticated


@cache
def _description() -> Any:
    """Of the code alone, the same for everybody: put together once a process."""
    return SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]


class Described(SchemaGenerator):
    """What the description is asked of."""

    def get_schema(self, request: Any = None, public: bool = False) -> Any:  # noqa: FBT001, FBT002 - theirs
        return _description()


class Schema(SpectacularAPIView):
    """OpenAPI, as YAML or (`?format=json`) JSON."""

    generator_class = Described
    permission_classes = [IsAuthenticated]


class Page(LoginRequiredMixin, SpectacularSwaggerSplitView):
    """A page that shows the description; its script comes from an address of its own."""

    permission_classes = [IsAuthenticated]
    url_name = "api:schema"
    template_name = "reporting/api_docs.html"
