"""The cells of a table, written a column at a time: for the page and for a file."""

import inspect
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import django_tables2
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.encoding import force_str
from django.utils.functional import Promise
from django_tables2.columns import BoundColumn
from django_tables2.rows import BoundRow

from commissioning.kernel import words


class CellWriter:
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
    if getattr(column, "is_state", False):
        return "app-rows__state"
    return "app-rows__do" if column.exclude_from_export else ""
