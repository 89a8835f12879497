"""Constraints and locks that can be hit in a race, turned into a sentence where they are hit."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, OperationalError, transaction

from commissioning.kernel.errors import DomainError

LOCK_NOT_AVAILABLE = "55P03"  # the state PostgreSQL answers with when lock_timeout is over


@contextmanager
def refused_when_late(sentence: str, *, error: type[DomainError] = DomainError) -> Iterator[None]:
    """Raise `error` with the sentence when a lock is not given in time (5 seconds, by the
    settings): a refusal, not a fault.
    """
    try:
        yield
    except OperationalError as late:
        if getattr(late.__cause__, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        raise error(sentence) from late


@contextmanager
def refused_by(
    constraint: str,
    sentence: str,
    *same: str,
    error: type[DomainError] = DomainError,
    field: str = "",
) -> Iterator[None]:
    """Raise `error` with the sentence when the block breaks the named constraint, or one that
    says the `same`; any other is a fault. `field` is what was entered wrongly.

    The block is a savepoint, so the caller's transaction lives on.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as broken:
        said = getattr(broken.__cause__, "diag", None)
        if getattr(said, "constraint_name", None) not in {constraint, *same}:
            raise
        refused = error(sentence)
        refused.field = field
        raise refused from broken
