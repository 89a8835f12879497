"""What every list of the read API is: filtered and sorted as its page, paged, as JSON or CSV."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import generics, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.pagination import PageNumberPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework_csv.renderers import PaginatedCSVRenderer

from commissioning.exports import harmless
from commissioning.filter_chips import parameters_of
from commissioning.tables import Sorts, UnknownColumn

FORMAT, SORT = "format", "sort"
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


class KnownSorts(BaseFilterBackend):
    """The rows in the order asked for: `?sort=-days`, and again for what comes second."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        written = request.query_params.getlist(SORT)
        if not written:
            return queryset
        try:
            return queryset.order_by(*view.sorts.asked(written))
        except UnknownColumn as unknown:
            raise ValidationError({SORT: [str(unknown)]}) from unknown

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [sort_described(view.sorts)]


def sort_described(sorts: Sorts) -> dict[str, Any]:
    """The parameter `sort` as OpenAPI has it."""
    either_way = [way + name for name in sorts.names for way in ("", "-")]
    return {
        "name": SORT,
        "in": "query",
        "required": False,
        "description": "What the list is sorted by, as on its page; with a minus the other way "
        "round. Given twice: then by the second.",
        "schema": {"type": "array", "items": {"type": "string", "enum": either_way}},
        "style": "form",
        "explode": True,
    }


class ReadSerializer(serializers.ModelSerializer[Row]):
    """Rows that are only read. How a field is read is found out once an answer, not for every
    row: a file of all England holds hundreds."""

    @cached_property
    def _ways(
        self,
    ) -> list[tuple[str, Callable[[Any], Any], serializers.Field[Any, Any, Any, Any]]]:
        return [
            (name, attrgetter(".".join(one.source_attrs)) if one.source_attrs else _itself, one)
            for name, one in self.fields.items()
            if not one.write_only
        ]

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The fields in their order. An attribute that is not there is left to the field."""
        row: dict[str, Any] = {}
        for name, read, one in self._ways:
            try:
                value = read(instance)
            except (AttributeError, ObjectDoesNotExist):
                value = one.get_attribute(instance)
            row[name] = None if value is None else one.to_representation(value)
        return row


def _itself(instance: Any) -> Any:
    return instance


class ReadList(generics.ListAPIView[Row]):
    """A list. The view says which rows the person reaches: `get_queryset` begins at a selector."""

    renderer_classes = [JSONRenderer, SafeCSV]
    pagination_class = Pages
    filter_backends: Sequence[Any] = [KnownFilters, KnownSorts]
    sorts: Sorts
    own_parameters = (SORT, "page", "page_size", FORMAT)
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
