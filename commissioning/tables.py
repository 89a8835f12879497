"""Tables of the service: one base and the columns a list is made of.

Each column writes its cell for the page with `render` and for a file with `value`, so that a
spreadsheet gets the number and not its words.
"""

import datetime as dt
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import django_tables2
from django.utils import timezone
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

from commissioning.components import as_tag, as_verdict
from commissioning.kernel import words


def moment(at: dt.datetime | None) -> str:
    """A moment, in London: 15 February 2007, 14:05."""
    if at is None:
        return words.MISSING
    local = timezone.localtime(at)
    return f"{words.day(local.date())}, {local:%H:%M}"


def read_once(write: Callable[..., Any]) -> Callable[..., Any]:
    """What writes a cell, with its parameters read here and not again for every cell."""

    def written(**asked: Any) -> Any:
        return write(**asked)

    written.__signature__ = inspect.signature(write)  # type: ignore[attr-defined]
    return written


def _opening(column: django_tables2.Column) -> tuple[str, str]:
    """What opens and closes the cells of a column."""
    if getattr(column, "row_header", False):
        return '<th scope="row" class="govuk-table__header">', "</th>"
    kind = escape(f"govuk-table__cell {getattr(column, 'cell_class', '')}".strip())
    return f'<td class="{kind}">', "</td>"


class Table(django_tables2.Table):
    """A list. `caption` names it (also to a screen reader); `counted` is what a row is called."""

    caption = "List"
    counted = ("row", "rows")
    downloads: tuple[str, ...] = ("csv", "xlsx")
    empty_title = "Nothing matches"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_text", "Take out a filter to see more.")
        super().__init__(*args, **kwargs)
        for column in self.columns.iterall():
            column.render, column.value = read_once(column.render), read_once(column.value)

    def written_rows(self) -> Iterator[SafeString]:
        """The rows of the page, cell by cell: in a template they take three times as long."""
        openings = [_opening(one.column) for one in self.columns]
        for row in self.paginated_rows:
            cells = (cell for _, cell in row.items())
            written = (
                f"{opening}{conditional_escape(cell)}{closing}"
                for (opening, closing), cell in zip(openings, cells, strict=True)
            )
            yield mark_safe(  # noqa: S308 - every cell is escaped above
                f'<tr class="govuk-table__row">{"".join(written)}</tr>'
            )

    @property
    def how_many(self) -> str:
        page = getattr(self, "page", None)
        total = page.paginator.count if page else len(self.rows)
        return f"{total:,} {self.counted[0] if total == 1 else self.counted[1]}"

    def file_header(self) -> list[str]:
        return [str(header) for header in next(self.as_values())]

    def file_rows(self) -> Iterator[list[Any]]:
        """Every row of the list, whatever page is shown, as values for a file."""
        values = self.as_values()
        next(values)  # the header
        for row in values:
            yield [None if cell == words.MISSING else cell for cell in row]


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
