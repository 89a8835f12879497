"""The four-tier framework of Models of Care 2006 (3.2.2 and 3.8) as typed, frozen values.

The text is in `framework.toml`. A tier belongs to an intervention as delivered, never to an
organisation, so nothing here mentions one.
"""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Mark = Literal["R", "B", "I", "N"]
Requirement = Literal["minimum", "commissioned", "expected", "where-needed"]

MARKS: Mapping[Mark, str] = {
    "R": "Read in the source",
    "B": "Background, an assumption",
    "I": "Inferred from what was read",
    "N": "Looked for and not found",
}
REQUIREMENTS: Mapping[Requirement, str] = {
    "minimum": "The least that generic services provide",
    "commissioned": "To be commissioned in each area",
    "expected": "Should be part of the local system",
    "where-needed": "Where local numbers bear it",
}


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A sentence of ours with the place it rests on."""

    text: str
    source: str
    mark: Mark


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Where interventions are delivered.

    `generic`: the place's main work is not drug treatment. `residential`: the client sleeps
    there for the sake of treatment.
    """

    code: str
    name: str
    description: str
    tiers: tuple[int, ...]
    generic: bool
    residential: bool
    source: str
    mark: Mark


@dataclass(frozen=True, kw_only=True)
class ClientGroup:
    """People an intervention is meant for; `priority` groups are to be seen sooner."""

    code: str
    name: str
    description: str
    priority: bool
    source: str
    mark: Mark


@dataclass(frozen=True, kw_only=True)
class DanosUnit:
    """A unit of the Drug and Alcohol National Occupational Standards that the source names."""

    code: str
    name: str
    source: str
    mark: Mark


@dataclass(frozen=True, kw_only=True)
class FrameworkItem:
    """One thing a tier's list asks commissioners to provide for. The code is for ever."""

    code: str
    tier: int
    name: str
    description: str
    requirement: Requirement
    source: str
    mark: Mark
    parts: tuple[str, ...] = ()
    client_groups: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Tier:
    """A level of intervention: what it is, where, by whom, and what is to be commissioned."""

    number: int
    name: str
    definition: Statement
    context: Statement
    competence: Statement
    danos: tuple[str, ...]
    items: tuple[FrameworkItem, ...]


@dataclass(frozen=True, kw_only=True)
class InterventionType:
    """A kind of intervention and the tier it normally has (none: outside the drug tiers).

    `modal` is its NDTMS code where one exists; `structured` says whether it counts as
    structured drug treatment; `settings` are the usual ones.
    """

    code: str
    name: str
    structured: bool
    needs_care_plan: bool
    settings: tuple[str, ...]
    source: str
    mark: Mark
    tier: int | None = None
    modal: str = ""
    substitute_prescribing: bool = False
    harm_reduction: bool = False
    aftercare: bool = False
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Framework:
    """All of it, in the order of the source. Look-ups by code raise `KeyError`."""

    tiers: tuple[Tier, ...]
    settings: tuple[Setting, ...]
    client_groups: tuple[ClientGroup, ...]
    danos: tuple[DanosUnit, ...]
    intervention_types: tuple[InterventionType, ...]

    @property
    def items(self) -> tuple[FrameworkItem, ...]:
        return tuple(item for tier in self.tiers for item in tier.items)

    def tier(self, number: int) -> Tier:
        return {tier.number: tier for tier in self.tiers}[number]

    def item(self, code: str) -> FrameworkItem:
        return {item.code: item for item in self.items}[code]

    def setting(self, code: str) -> Setting:
        return {setting.code: setting for setting in self.settings}[code]

    def intervention_type(self, code: str) -> InterventionType:
        return {kind.code: kind for kind in self.intervention_types}[code]


def _with_tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}


def _tier(row: Mapping[str, Any]) -> Tier:
    items = (FrameworkItem(tier=row["number"], **_with_tuples(item)) for item in row["items"])
    return Tier(
        number=row["number"],
        name=row["name"],
        definition=Statement(**row["definition"]),
        context=Statement(**row["context"]),
        competence=Statement(**row["competence"]),
        danos=tuple(row["danos"]),
        items=tuple(items),
    )


@functools.cache
def framework() -> Framework:
    """The framework as `framework.toml` has it, read once."""
    with (Path(__file__).parent / "framework.toml").open("rb") as file:
        rows = tomllib.load(file)
    return Framework(
        tiers=tuple(_tier(row) for row in rows["tiers"]),
        settings=tuple(Setting(**_with_tuples(row)) for row in rows["settings"]),
        client_groups=tuple(ClientGroup(**row) for row in rows["client_groups"]),
        danos=tuple(DanosUnit(**row) for row in rows["danos"]),
        intervention_types=tuple(
            InterventionType(**_with_tuples(row)) for row in rows["intervention_types"]
        ),
    )
