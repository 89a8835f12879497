"""What may follow what: one table drives the guard, the buttons and the diagram."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

from commissioning.kernel.errors import TransitionRefused

State = TypeVar("State", bound=Enum)
Transitions = Mapping[State, frozenset[State]]


def require_transition(
    table: Mapping[State, frozenset[State]], *, current: State, to: State, sentence: str
) -> None:
    """Raise `TransitionRefused` with the sentence unless the table lets `current` become `to`."""
    if to not in table[current]:
        raise TransitionRefused(sentence)


def as_rows(table: Mapping[Any, frozenset[Any]]) -> Any:
    """The table as a database's trigger takes it: what, and what may follow it."""
    return [
        (state.value, after.value)
        for state, following in table.items()
        for after in sorted(following)
    ]


def as_mermaid(table: Mapping[State, frozenset[State]]) -> str:
    """The table as a Mermaid state diagram, for the documents."""
    lines = ["stateDiagram-v2"]
    for state, following in table.items():
        lines += [f"    {state.value} --> {after.value}" for after in sorted(following, key=str)]
        if not following:
            lines.append(f"    {state.value} --> [*]")
    return "\n".join(lines)
