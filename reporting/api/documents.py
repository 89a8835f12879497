"""The description of the API, and its page, within the content-security policy."""

from django.contrib.auth.mixins import LoginRequiredMixin
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import IsAuthenticated


class Schema(SpectacularAPIView):
    """OpenAPI, as YAML or (`?format=json`) JSON."""

    permission_classes = [IsAuthenticated]


class Page(LoginRequiredMixin, SpectacularSwaggerSplitView):
    """A page that shows the description; its script comes from an address of its own."""

    permission_classes = [IsAuthenticated]
    url_name = "api:schema"
    template_name = "reporting/api_docs.html"
