"""Tables of the service: one base and the columns a list is made of.

Each column writes its cell for the page with `render` and for a file with `value`, so that a
spreadsheet gets the number and not its words.
"""

import datetime as dt
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from typing import Any, Self

import django_tables2
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django_tables2.columns import BoundColumn
from django_tables2.rows import BoundRow

from commissioning.components import as_tag, as_verdict
from commissioning.kernel import words
from commissioning.kernel.errors import DomainError


def moment(at: dt.datetime | None) -> str:
    """A moment, in London: 15 February 2007, 14:05."""
    if at is None:
        return words.MISSING
    local = timezone.localtime(at)
    return f"{words.day(local.date())}, {local:%H:%M}"


class _CellWriter:
    """Writes the cells of one column, of records that are all alike.

    All that no row changes is found out once a column. What a cell holds and what is passed to
    `render` and `value` are as in django-tables2, which asks anew for every cell: of a list of
    fifty rows that was most of the page, of a file most of its making.
    """

    def __init__(self, bound: BoundColumn, *, stacks: bool = False) -> None:
        self.bound, self.column = bound, bound.column
        self.opening, self.closing = _tags(bound, stacks=stacks)
        self.wanted = tuple(inspect.signature(bound.render).parameters)
        self.for_file = _for_file(bound)
        self.wanted_in_file = tuple(inspect.signature(self.for_file).parameters)
        self.names: tuple[str, ...] | None = None  # known with the first record

    def write(self, row: BoundRow) -> str:
        """The cell of a row, escaped, in its tags."""
        value = self._value(row.record)
        if value in self.column.empty_values:
            content = self.bound.default
        else:
            given = self._given(value, row)
            content = self.bound.render(**{name: given[name] for name in self.wanted})
            if self.bound.link:
                content = self.bound.link(content, **given)
        return f"{self.opening}{_escaped(content)}{self.closing}"

    def in_file(self, row: BoundRow) -> Any:
        """The cell of a row as a file has it: a number or a day as itself, the rest in words."""
        value = self._value(row.record)
        if value in self.column.empty_values:
            return None
        given = self._given(value, row)
        content = self.for_file(**{name: given[name] for name in self.wanted_in_file})
        return None if content == words.MISSING else force_str(content, strings_only=True)

    def _given(self, value: Any, row: BoundRow) -> dict[str, Any]:
        return {
            "value": value,
            "record": row.record,
            "column": self.column,
            "bound_column": self.bound,
            "bound_row": row,
            "table": row.table,
        }

    def _value(self, record: Any) -> Any:
        """What the record has under the column's name, as far as the way to it leads.

        A name the record does not have is a fault, except of a column that writes its cells
        whatever the record holds: the library would show an empty column and say nothing.
        """
        if self.names is None:
            self.names = _way(self.bound, record)
        here = record
        try:
            for name in self.names:
                here = here[name] if isinstance(here, Mapping) else getattr(here, name)
                if callable(here):
                    here = here()
                if here is None:
                    return None
        except models.ObjectDoesNotExist:
            return None
        except (AttributeError, KeyError):
            if self.column.empty_values:
                raise
            return None
        return here


def _way(bound: BoundColumn, record: Any) -> tuple[str, ...]:
    """The names that lead from a record to the value; of a choice, to its words."""
    names = tuple(bound.accessor.bits)
    if not isinstance(record, models.Model):
        return names
    try:
        field = bound.accessor.get_field(record)
    except FieldDoesNotExist:
        return names
    if not getattr(field, "choices", ()):
        return names
    return (*names[:-1], f"get_{names[-1]}_display")


def _escaped(content: Any) -> str:
    """What Django's `conditional_escape` gives, which takes longer to be called than to do it."""
    if isinstance(content, Promise):
        content = str(content)
    return content.__html__() if hasattr(content, "__html__") else escape(str(content))


def _for_file(bound: BoundColumn) -> Callable[..., Any]:
    """What writes the cell of a file. A column that says nothing of files writes it as on the
    page: through its own `value` that would be found out again for every cell."""
    said_nothing = getattr(bound.value, "__func__", None) is django_tables2.Column.value
    write: Callable[..., Any] = bound.column.render if said_nothing else bound.value
    return write


def _tags(bound: BoundColumn, *, stacks: bool) -> tuple[str, str]:
    """What opens and closes the cells of a column; where rows stack, each names its column."""
    column: Any = bound.column
    if getattr(column, "row_header", False):
        role = ' role="rowheader"' if stacks else ""
        return f'<th scope="row" class="govuk-table__header"{role}>', "</th>"
    first = comes_first(column) if stacks else ""
    kind = escape(f"govuk-table__cell {getattr(column, 'cell_class', '')} {first}".strip())
    named = f' role="cell" data-label="{escape(str(bound.header))}"' if stacks else ""
    return f'<td class="{kind}"{named}>', "</td>"


def comes_first(column: Any) -> str:
    """The class of what stands next to the name on a narrow screen: how something stands, and
    what can be done; nothing of other columns."""
    if isinstance(column, TagColumn):
        return "app-rows__state"
    return "app-rows__do" if column.exclude_from_export else ""


class Table(django_tables2.Table):
    """A list. `caption` names it (also to a screen reader); `counted` is what a row is called."""

    caption = "List"
    counted = ("row", "rows")
    downloads: tuple[str, ...] = ("csv", "xlsx")
    empty_title = "Nothing matches"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_text", "Take out a filter to see more.")
        super().__init__(*args, **kwargs)

    @property
    def stacks(self) -> bool:
        """Whether a row becomes a stack of its cells on a narrow screen: what stands beyond the
        edge of a telephone is not found, and of these lists it is what people came for."""
        return any(comes_first(one.column) for one in self.columns)

    def written_rows(self) -> Iterator[SafeString]:
        """The rows of the page, cell by cell: in a template they take three times as long."""
        stacks = self.stacks
        writers = [_CellWriter(one, stacks=stacks) for one in self.columns]
        role = ' role="row"' if stacks else ""
        opening = f'<tr class="govuk-table__row"{role}>'
        for row in self.paginated_rows:
            cells = "".join(one.write(row) for one in writers)
            yield mark_safe(  # noqa: S308 - every cell is escaped above
                f"{opening}{cells}</tr>"
            )

    @property
    def file_of(self) -> str | None:
        """What its file is asked by where a page has several lists; None for the page's first."""
        return self.prefix.strip("-") or None

    @property
    def how_many(self) -> str:
        page = getattr(self, "page", None)
        total = page.paginator.count if page else len(self.rows)
        return f"{total:,} {self.counted[0] if total == 1 else self.counted[1]}"

    def file_header(self) -> list[str]:
        return [str(header) for header in next(self.as_values())]

    def file_rows(self) -> Iterator[list[Any]]:
        """Every row of the list, whatever page is shown, as values for a file."""
        writers = [
            _CellWriter(one)
            for one in self.columns.iterall()
            if not one.column.exclude_from_export
        ]
        for row in self.rows:
            yield [one.in_file(row) for one in writers]


class UnknownColumn(DomainError):
    """A list is not put in order by that."""


class Sorts:
    """What a list can be put in order by, and where in a row each stands.

    `-days` is the other way round. The API takes those of the page's own table: `Sorts.of`.
    """

    def __init__(self, **paths: str) -> None:
        self.paths = {name: (path,) for name, path in paths.items()}

    @classmethod
    def of(cls, table: type[Table]) -> Self:
        """Those of a table whose rows are the database's: its columns that have a heading to
        press."""
        found = cls()
        for name, column in table.base_columns.items():
            if column.orderable is not False:
                found.paths[name] = tuple(column.order_by or (column.accessor or name,))
        return found

    @property
    def names(self) -> list[str]:
        return list(self.paths)

    def asked(self, written: Iterable[str]) -> list[str]:
        """What rows are ordered by; one that names the row comes last, so that pages do not
        overlap. Raises `UnknownColumn`."""
        found: list[str] = []
        for one in written:
            down, name = one.startswith("-"), one.removeprefix("-")
            if name not in self.paths:
                raise UnknownColumn(
                    f"The list is not sorted by “{name}”. Choose from {', '.join(self.names)}; "
                    "with a minus before it the other way round."
                )
            found += [f"-{path}" if down else path for path in self.paths[name]]
        return [*found, "pk"]


class NameColumn(django_tables2.Column):
    """The first column: a link to the record, and the header of its row."""

    row_header = True

    def __init__(
        self, *args: Any, href: Callable[[Any], str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.href = href

    def render(self, value: Any, record: Any) -> SafeString:
        if self.href is None:
            return format_html("{}", value)
        return format_html(
            '<a class="govuk-link govuk-link--no-visited-state" href="{}">{}</a>',
            self.href(record),
            value,
        )

    def value(self, value: Any) -> Any:
        return value


class _Written(django_tables2.Column):
    """A number, written one way on the page and left itself in a file."""

    header_class = "govuk-table__header--numeric"
    cell_class = "govuk-table__cell--numeric"
    written: Callable[[object], str] = staticmethod(words.count)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", words.MISSING)
        super().__init__(*args, **kwargs)

    def render(self, value: Any) -> Any:
        return type(self).written(value)

    def value(self, value: Any) -> Any:
        return value


class CountColumn(_Written):
    """12,480."""


class PoundsColumn(_Written):
    """£1,174,983."""

    written = staticmethod(words.pounds)


class WeeksColumn(_Written):
    """2.4."""

    written = staticmethod(words.weeks)


class PercentColumn(_Written):
    """83%, from a share between 0 and 1."""

    written = staticmethod(words.percent)


class DayColumn(django_tables2.Column):
    """6 May 2006."""

    cell_class = "app-nowrap"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", words.MISSING)
        super().__init__(*args, **kwargs)

    def render(self, value: Any) -> Any:
        return words.day(value)

    def value(self, value: Any) -> Any:
        return value


class MomentColumn(django_tables2.Column):
    """15 February 2007, 14:05."""

    def render(self, value: dt.datetime) -> str:
        return moment(value)

    def value(self, value: Any) -> Any:
        return value


class TagColumn(django_tables2.Column):
    """A state as its word; `tone` gives the record's tone, `verdict` adds the shape."""

    def __init__(
        self, *args: Any, tone: Callable[[Any], str], verdict: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.tone = tone
        self.written = as_verdict if verdict else as_tag

    def render(self, value: Any, record: Any) -> SafeString:
        return self.written(value, self.tone(record))

    def value(self, value: Any) -> Any:
        return value
