"""Rows named by many keys."""

from collections.abc import Collection
from typing import Any

from django.db.models import F, Lookup


class _Among(Lookup):
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, given = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*given, self.rhs)


def among(column: str, keys: Collection[int] | str) -> Lookup:
    """That a column holds one of the keys, given as one array, or as the text of one that the
    database wrote: a list of hundreds of values takes longer to write than to look through."""
    return _Among(F(column), keys if isinstance(keys, str) else list(keys))
