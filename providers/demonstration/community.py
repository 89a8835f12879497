"""The services that send returns already: drug teams, programmes, shared care, wards, prisons.

One organisation does work of several tiers, and each service says which.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from commissioning.choices import OrganisationKind
from commissioning.models import Organisation, Partnership
from providers.choices import JusticeWork, PlaceKind
from providers.demonstration.capacity import Capacity
from providers.demonstration.registrar import (
    DAYTIME,
    EVENINGS,
    EVERY_DAY,
    OFFICE,
    SATURDAYS,
    Delivery,
    Registrar,
)
from providers.demonstration.towns import Town, towns
from providers.models import Agency, Service, Site

INPATIENT_SETTINGS = ("specialist-inpatient", "psychiatric-ward", "general-ward")
REFER = {
    "own": "Come in without an appointment, or ring. Anybody may refer.",
    "team": "Ring the duty worker, or send the screening form. Seen within a week.",
    "bed": "By the care manager or drug team, with the comprehensive assessment.",
    "justice": "By arrest referral, the court, probation or the prison.",
}


@dataclass
class Community:
    """Writes the services of agencies; collects what each can take."""

    registrar: Registrar
    regions: Mapping[str, Sequence[int]]
    blocks: Mapping[str, tuple[int, Sequence[int]]]
    capacity: list[Capacity] = field(default_factory=list)
    inpatient: int = 0

    def write(self, agencies: Sequence[Agency]) -> None:
        for number, agency in enumerate(agencies):
            if agency.partnership is not None:
                self.agency(agency, agency.partnership, number)

    def agency(self, agency: Agency, partnership: Partnership, number: int) -> None:
        """Which sort of service it is says the code of the agency and of its provider."""
        kind = agency.code[1:3]
        if kind == "RH":
            return  # a house: see `residential`
        town = towns()[partnership.code]
        site = self.registrar.site(agency.provider, _site_name(agency.name), town)
        if kind == "IP":
            self.ward(agency, site, town)
        elif agency.is_prison:
            self.prison(agency, site, partnership)
        elif agency.provider.code.startswith("SC"):
            self.shared_care(agency, site, partnership)
        elif agency.provider.code.startswith("TR"):
            self.drug_team(agency, site, partnership, number)
        else:
            self.programme(agency, site, partnership, number)

    def drug_team(self, agency: Agency, site: Site, partnership: Partnership, number: int) -> None:
        """Prescribing and what goes with it; a third of teams keep office hours alone."""
        clinic = "community-clinic"
        team = self.registrar.service(
            site,
            agency.name,
            [
                Delivery("triage", clinic),
                Delivery("comprehensive-assessment", clinic),
                Delivery("care-coordination", clinic),
                Delivery("specialist-prescribing", clinic),
                Delivery("structured-psychosocial", clinic),
                Delivery("bbv-prevention", clinic),
            ],
            hours=OFFICE if number % 3 == 0 else EVENINGS,
            waiting=7 + number % 4 * 6,
            catchment=[partnership],
            agency=agency,
            client_groups=["injectors", "pregnant", "mental-illness", "liver-problems"],
            languages=["Bengali", "Urdu"] if number % 4 == 1 else [],
            is_accessible=number % 5 != 0,
            how_to_refer=REFER["team"],
            description="Assessment, prescribing and keywork by a team of nurses and doctors.",
        )
        self.registrar.service(
            site,
            f"{partnership} Needle Exchange",
            [
                Delivery("needle-exchange", "open-access"),
                Delivery("overdose-prevention", "open-access"),
                Delivery("brief-psychosocial", "open-access"),
            ],
            hours=OFFICE if number % 3 == 0 else SATURDAYS,
            catchment=[partnership],
            client_groups=["injectors", "active-users", "homeless"],
            is_accessible=True,
            how_to_refer=REFER["own"],
        )
        self._takes(team, PlaceKind.PRESCRIBING, "prescribing", 64 + number % 5 * 12, "Slot")
        self._takes(team, PlaceKind.CASELOAD, "caseload", 30 + number % 3 * 5, "Keywork")

    def programme(self, agency: Agency, site: Site, partnership: Partnership, number: int) -> None:
        """A charity's day programme or open-access centre; the first also works in custody."""
        open_access = agency.name.endswith("Open Access")
        centre = "open-access"
        advice = self.registrar.service(
            site,
            f"{partnership} {'Open Access' if open_access else 'Advice and Aftercare'}",
            [
                Delivery("advice", centre),
                Delivery("triage", centre),
                Delivery("engagement", centre),
                Delivery("outreach", "outreach"),
                Delivery("aftercare", centre),
                *([Delivery("needle-exchange", centre)] if open_access else []),
            ],
            hours=SATURDAYS if open_access else OFFICE if number % 2 else EVENINGS,
            catchment=[partnership],
            agency=agency if open_access else None,
            client_groups=[
                *("stimulant-users", "homeless", "sex-workers", "families"),
                *(["refugees"] if number % 3 == 0 else []),
            ],
            is_accessible=number % 3 != 0,
            how_to_refer=REFER["own"],
        )
        if open_access:
            self._takes(advice, PlaceKind.CASELOAD, "caseload", 40, "Keywork")
            return
        day = self.registrar.service(
            site,
            agency.name,
            [
                Delivery("day-programme", "community-clinic"),
                Delivery("structured-psychosocial", "community-clinic"),
            ],
            hours=DAYTIME,
            catchment=[partnership],
            agency=agency,
            waiting=14 + number % 3 * 7,
            client_groups=["stimulant-users", "abstinence", "offenders"],
            how_to_refer=REFER["team"],
        )
        self._takes(day, PlaceKind.DAY_PROGRAMME, "day_programme", 16 + number % 3 * 4, "Place")
        self._takes(day, PlaceKind.CASELOAD, "caseload", 24, "Counselling")
        self.registrar.service(
            site,
            f"{partnership} Criminal Justice Intervention Team",
            [
                Delivery("cjit-caseload", "cjit"),
                Delivery("engagement", "cjit"),
                Delivery("triage", "custody"),
            ],
            hours=EVERY_DAY,
            catchment=[partnership],
            justice_work=JusticeWork.CJIT,
            responsible_commissioner=partnership.organisation,
            client_groups=["offenders"],
            how_to_refer=REFER["justice"],
        )

    def shared_care(self, agency: Agency, site: Site, partnership: Partnership) -> None:
        service = self.registrar.service(
            site,
            agency.name,
            [Delivery("gp-prescribing", "primary-care"), Delivery("screening", "primary-care")],
            hours=OFFICE,
            catchment=[partnership],
            agency=agency,
            waiting=10,
            is_primary_care_led=True,
            is_accessible=True,
            how_to_refer="Through the patient's own practice, or the community drug team.",
        )
        self._takes(service, PlaceKind.PRESCRIBING, "prescribing", 48, "Patient")

    def ward(self, agency: Agency, site: Site, town: Town) -> None:
        """Inpatient detoxification; every fifth unit takes people in a crisis as well."""
        at = self.inpatient
        self.inpatient += 1
        near = self.regions[town.region]
        region = [one for one in self.registrar.partnerships.values() if one.pk in set(near)]
        price = Decimal(1_050 + at % 6 * 45)
        setting = INPATIENT_SETTINGS[0 if at % 3 == 0 else at % 3]
        more: dict[str, Any] = {"all_hours": True, "catchment": region}
        ward = self.registrar.service(
            site,
            agency.name,
            [
                Delivery("inpatient", setting, price, 2),
                Delivery("comprehensive-assessment", setting),
            ],
            agency=agency,
            waiting=10 + at % 4 * 5,
            client_groups=["injectors", "pregnant", "mental-illness"],
            is_accessible=True,
            has_detox_attached=True,
            how_to_refer=REFER["bed"],
            **more,
        )
        self._takes(ward, PlaceKind.BED, "inpatient", 8 + at % 4 * 2, "Bed", near, agency.code)
        if at % 5 == 1:
            crisis = self.registrar.service(
                site,
                f"{town.name} Crisis Unit",
                [Delivery("crisis-unit", setting, price - 200, 1)],
                client_groups=["active-users", "mental-illness", "homeless"],
                how_to_refer="By telephone at any hour, by anybody.",
                **more,
            )
            self._takes(crisis, PlaceKind.BED, "crisis", 5, "Bed", near=near)

    def prison(self, agency: Agency, site: Site, partnership: Partnership) -> None:
        """Three pieces of work in one prison, each answered for by its own commissioner."""
        who = {JusticeWork.CARAT: self._region_of(partnership)}
        for work, title, deliveries in _PRISON_WORK:
            self.registrar.service(
                site,
                f"{_site_name(agency.name)} {title}",
                deliveries,
                hours=OFFICE,
                agency=agency if work is JusticeWork.PRISON_CLINICAL else None,
                justice_work=work,
                responsible_commissioner=who.get(work, partnership.organisation),
                client_groups=["offenders"],
                how_to_refer=REFER["justice"],
            )

    def _region_of(self, partnership: Partnership) -> Organisation:
        code = towns()[partnership.code].region
        return Organisation.objects.get(kind=OrganisationKind.REGION, code=code)

    def _takes(  # noqa: PLR0917 - called in this class alone
        self,
        service: Service,
        kind: PlaceKind,
        pool: str,
        number: int,
        label: str,
        near: Sequence[int] = (),
        agency: str = "",
    ) -> None:
        sold, block = self.blocks.get(agency, (0, ()))
        self.capacity.append(
            Capacity(
                service=service.pk,
                kind=kind,
                pool=pool,
                number=number,
                label=label,
                near=near,
                sold=sold,
                block=block,
                favour=1.0 + service.pk % 3 * 0.4,
            )
        )


_PRISON_WORK = (
    (JusticeWork.CARAT, "CARAT Team", [Delivery("carat", "prison")]),
    (
        JusticeWork.PRISON_CLINICAL,
        "Clinical Service",
        [Delivery("prison-prescribing", "prison"), Delivery("bbv-prevention", "prison")],
    ),
    (
        JusticeWork.PRISON_PROGRAMME,
        "Short Duration Programme",
        [Delivery("short-duration-programme", "prison")],
    ),
)


def _site_name(agency: str) -> str:
    """The name without what it does there."""
    for words in (" Community Drug Team", " Day Programme", " Open Access", " Treatment Team"):
        agency = agency.removesuffix(words)
    return agency
