"""Tables of the service: one base and the columns a list is made of.

Each column writes its cell for the page with `render` and for a file with `value`, so that a
spreadsheet gets the number and not its words.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self

import django_tables2
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from commissioning.components import as_tag, as_verdict
from commissioning.kernel import words
from commissioning.kernel.errors import DomainError
from commissioning.table_cells import CellWriter, comes_first


def moment(at: dt.datetime | None) -> str:
    """A moment, in London: 15 February 2007, 14:05."""
    if at is None:
        return words.MISSING
    local = timezone.localtime(at)
    return f"{words.day(local.date())}, {local:%H:%M}"


class Table(django_tables2.Table):
    """A list. `caption` names it (also to a screen reader); `counted` is what a row is called.

    Where it is empty, `empty_title` and `empty_text` say why there is nothing yet; while a filter
    is in use, which whoever puts it on a page says by `is_filtered`, `no_match` what to take out.
    """

    caption = "List"
    counted = ("row", "rows")
    downloads: tuple[str, ...] = ("csv", "xlsx")
    empty_title = ""
    no_match = "Take out a filter to see more."
    is_filtered = False

    @property
    def nothing(self) -> tuple[str, str]:
        """What stands in place of rows: a title, and a sentence where there is more to say."""
        if self.is_filtered:
            return "Nothing matches", self.no_match
        return self.empty_title or f"No {self.counted[1]} yet", self.empty_text or ""

    @property
    def stacks(self) -> bool:
        """Whether a row becomes a stack of its cells on a narrow screen: what stands beyond the
        edge of a telephone is not found, and of these lists it is what people came for."""
        return any(comes_first(one.column) for one in self.columns)

    def written_rows(self) -> Iterator[SafeString]:
        """The rows of the page, cell by cell: in a template they take three times as long."""
        stacks = self.stacks
        writers = [CellWriter(one, stacks=stacks) for one in self.columns]
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
            CellWriter(one) for one in self.columns.iterall() if not one.column.exclude_from_export
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


class AboutColumn(PoundsColumn):
    """£1,174,983 whatever pence there are; a file has them."""

    written = staticmethod(words.about)


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

    is_state = True

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
