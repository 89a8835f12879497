"""Constraints that can be hit in a race, turned into a sentence where they are hit."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from commissioning.kernel.errors import DomainError


@contextmanager
def refused_by(
    constraint: str, sentence: str, *, error: type[DomainError] = DomainError
) -> Iterator[None]:
    """Raise `error` with the sentence when the block breaks the named constraint, and no other.

    The block is a savepoint, so the caller's transaction lives on.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as broken:
        said = getattr(broken.__cause__, "diag", None)
        if getattr(said, "constraint_name", None) != constraint:
            raise
        raise error(sentence) from broken
