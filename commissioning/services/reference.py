"""Loading what the service starts from: the nation, its areas, the framework, the first rules."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from commissioning.choices import FactKind, OrganisationKind
from commissioning.models import (
    FrameworkItem,
    FundingStream,
    InterventionType,
    NationalComparator,
    Organisation,
    OrganisationFact,
    Partnership,
    RuleSet,
    Tier,
)
from commissioning.reference import (
    Framework,
    comparators,
    framework,
    funding_streams,
    partnership_centres,
    partnerships,
    regions,
)
from commissioning.roles import Permission
from commissioning.rule_settings import DEFAULTS
from commissioning.scoping import Actor
from commissioning.services.access import require
from commissioning.services.audit import record
from commissioning.services.rule_sets import publish_rule_set

NATION_CODE = "england"
# Before the first day that any return reaches back to (NDTMS in this form began in 2001).
BEGINNING = dt.date(2001, 4, 1)
FIRST_RULE_SET = "RS-2001"


@dataclass(frozen=True)
class Loaded:
    """How many rows were new; framework rows are always brought up to date."""

    organisations: int
    facts: int
    rule_sets: int
    items: int


@transaction.atomic
def load_reference(*, by: Actor) -> Loaded:
    """Load the reference tables. Run again, it adds what is missing and undoes no rename."""
    require(by, Permission.ORGANISATION_MANAGE, organisation_id=None)
    organisations = _load_organisations()
    _load_centres()
    facts = _load_regions_of_partnerships()
    items = _load_framework(framework())
    load_funding_streams()
    _load_comparators()
    rule_sets = 0
    if not RuleSet.objects.filter(code=FIRST_RULE_SET).exists():
        publish_rule_set(
            settings=DEFAULTS,
            valid_from=BEGINNING,
            reason="The rules the service starts from.",
            by=by,
            code=FIRST_RULE_SET,
        )
        rule_sets = 1
    loaded = Loaded(organisations=organisations, facts=facts, rule_sets=rule_sets, items=items)
    if organisations or facts or rule_sets:
        nation = Organisation.objects.get(kind=OrganisationKind.NATION, code=NATION_CODE)
        record(
            "reference.loaded",
            nation,
            by=by,
            organisation=nation,
            organisations=organisations,
            facts=facts,
            rule_sets=rule_sets,
        )
    return loaded


def _load_organisations() -> int:
    wanted = {(OrganisationKind.NATION, NATION_CODE): "England"}
    wanted |= {(OrganisationKind.REGION, code): name for code, name in regions().items()}
    wanted |= {(OrganisationKind.PARTNERSHIP, row.code): row.name for row in partnerships()}
    held = set(Organisation.objects.values_list("kind", "code"))
    missing = {key: name for key, name in wanted.items() if key not in held}
    Organisation.objects.bulk_create(
        Organisation(kind=kind, code=code, name=name) for (kind, code), name in missing.items()
    )
    _load_partnerships()
    return len(missing)


def _load_partnerships() -> None:
    ids = _ids(OrganisationKind.PARTNERSHIP)
    held = set(Partnership.objects.values_list("pk", flat=True))
    Partnership.objects.bulk_create(
        Partnership(
            organisation_id=ids[row.code],
            authority_type=row.authority_type,
            ndtms_code=row.ndtms_dat_code,
        )
        for row in partnerships()
        if ids[row.code] not in held
    )


def _load_centres() -> None:
    """A partnership that has a centre keeps it."""
    centres = {row.code: row for row in partnership_centres()}
    without = Partnership.objects.filter(
        latitude__isnull=True, organisation__code__in=centres
    ).select_related("organisation")
    found = list(without)
    for one in found:
        row = centres[one.code]
        one.latitude, one.longitude = row.latitude, row.longitude
    Partnership.objects.bulk_update(found, ["latitude", "longitude"])


def _load_regions_of_partnerships() -> int:
    """A partnership that has ever been put in a region is left as it is."""
    ids, region_ids = _ids(OrganisationKind.PARTNERSHIP), _ids(OrganisationKind.REGION)
    placed = set(
        OrganisationFact.objects.filter(kind=FactKind.IN_REGION).values_list(
            "organisation", flat=True
        )
    )
    return len(
        OrganisationFact.objects.bulk_create(
            OrganisationFact(
                organisation_id=ids[row.code],
                kind=FactKind.IN_REGION,
                other_id=region_ids[row.region_code],
                from_on=BEGINNING,
            )
            for row in partnerships()
            if ids[row.code] not in placed
        )
    )


def _load_framework(read: Framework) -> int:
    settings = {setting.code: setting for setting in read.settings}
    Tier.objects.bulk_create(
        (
            Tier(
                number=tier.number,
                name=tier.name,
                definition=tier.definition.text,
                settings="; ".join(
                    one.name for one in settings.values() if tier.number in one.tiers
                ),
                competence=tier.competence.text,
                source=tier.definition.source,
            )
            for tier in read.tiers
        ),
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=["name", "definition", "settings", "competence", "source"],
    )
    items = FrameworkItem.objects.bulk_create(
        (
            FrameworkItem(
                code=item.code,
                tier_id=item.tier,
                position=position,
                name=item.name,
                text=item.description,
                source=item.source,
                mark=item.mark,
            )
            for tier in read.tiers
            for position, item in enumerate(tier.items, start=1)
        ),
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["tier", "position", "name", "text", "source", "mark"],
    )
    InterventionType.objects.bulk_create(
        (
            InterventionType(
                code=kind.code,
                name=kind.name,
                normal_tier_id=kind.tier,
                modal=int(kind.modal) if kind.modal else None,
                is_structured=kind.structured,
                position=position,
            )
            for position, kind in enumerate(read.intervention_types, start=1)
        ),
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "normal_tier", "modal", "is_structured", "position"],
    )
    return len(items)


def load_funding_streams() -> None:
    FundingStream.objects.bulk_create(
        (
            FundingStream(
                code=row.code,
                name=row.name,
                position=position,
                pays_only=list(row.pays_only),
                rule=row.rule,
                source=row.source,
                mark=row.mark,
            )
            for position, row in enumerate(funding_streams(), start=1)
        ),
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "position", "pays_only", "rule", "source", "mark"],
    )


def _load_comparators() -> None:
    NationalComparator.objects.bulk_create(
        (
            NationalComparator(
                code=row.code,
                group=row.group,
                name=row.name,
                value=row.value,
                unit=row.unit,
                year=row.year,
                compares=row.compares,
                source=row.source,
                mark=row.mark,
                position=position,
            )
            for position, row in enumerate(comparators(), start=1)
        ),
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[
            "group",
            "name",
            "value",
            "unit",
            "year",
            "compares",
            "source",
            "mark",
            "position",
        ],
    )


def _ids(kind: OrganisationKind) -> dict[str, int]:
    return dict(Organisation.objects.of_kind(kind).values_list("code", "pk"))
