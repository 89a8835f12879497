"""What every list of the read API is: filtered as its page is, paged, as JSON or CSV."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from django.db.models import Model
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import generics
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework_csv.renderers import PaginatedCSVRenderer

from commissioning.exports import harmless
from commissioning.filter_chips import parameters_of

FORMAT = "format"
Row = TypeVar("Row", bound=Model)


class Pages(PageNumberPagination):
    """A hundred rows a page, or as many as are asked for up to a thousand."""

    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000


class SafeCSV(PaginatedCSVRenderer):  # type: ignore[misc]  # the library has no types
    """One page as CSV: columns in the order of the fields, and no cell that runs as a formula."""

    def tablize(self, data: Any, header: Any = None, labels: Any = None) -> Iterator[list[Any]]:
        for row in super().tablize(data, header=header, labels=labels):
            yield [harmless(cell) for cell in row]


class KnownFilters(DjangoFilterBackend):  # type: ignore[misc]  # the library has no types
    """The page's own filters; a name or a value that they do not know is refused by its name."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        filterset = self.get_filterset(request, queryset, view)
        known = parameters_of(filterset) if filterset is not None else []
        allowed = {*known, *view.own_parameters}
        strange = sorted(set(request.query_params) - allowed)
        if strange:
            names = ", ".join([*known, *view.own_parameters])
            raise ValidationError(
                {name: [f"No such filter. There are: {names}."] for name in strange}
            )
        return super().filter_queryset(request, queryset, view)


class ReadList(generics.ListAPIView[Row]):
    """A list. The view says which rows the person reaches: `get_queryset` begins at a selector."""

    renderer_classes = [JSONRenderer, SafeCSV]
    pagination_class = Pages
    filter_backends: Sequence[Any] = [KnownFilters]
    own_parameters = ("page", "page_size", FORMAT)
    columns_left_out: tuple[str, ...] = ()  # of CSV: what does not fit into a cell

    def get_renderer_context(self) -> dict[str, Any]:
        context = super().get_renderer_context()
        if isinstance(getattr(self.request, "accepted_renderer", None), SafeCSV):
            fields = getattr(self.get_serializer(), "fields", {})
            context["header"] = [name for name in fields if name not in self.columns_left_out]
        return context


class ReadOne(generics.RetrieveAPIView[Row]):
    """One record, or 404 where it lies outside the person's reach."""

    renderer_classes = [JSONRenderer]
    filter_backends: Sequence[Any] = []
    pagination_class = None
