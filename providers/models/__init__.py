"""The records of providers, a noun a module."""

from providers.models.activity import ActivityCount, ActivityPart, ActivityReturn
from providers.models.call_offs import CallOff, CallOffExtension, CallOffMoney
from providers.models.contract_parts import (
    ContractClause,
    ContractDocument,
    ContractMoney,
    ContractPlace,
    ShareAgreement,
    SubContractor,
)
from providers.models.contracts import Contract, ContractShare
from providers.models.night_sums import NightSum
from providers.models.performance import (
    MonitoringReturn,
    PerformanceComment,
    PerformanceMeasure,
    PerformanceReading,
)
from providers.models.places import Board, ConfirmLink, Occupancy, Place, PlaceEvent
from providers.models.primary_care import (
    Practice,
    PrescriberCount,
    SharedCareMember,
    SharedCareScheme,
)
from providers.models.providers import Agency, Provider
from providers.models.quality import (
    CompetenceCount,
    PreferredList,
    PreferredProvider,
    QualityRecord,
    RequirementEvidence,
    StaffCount,
)
from providers.models.register import DeliveredIntervention, OpeningHours, Service, Site
from providers.models.variations import ContractVersion, Variation, VariationMoney

__all__ = [
    "ActivityCount",
    "ActivityPart",
    "ActivityReturn",
    "Agency",
    "Board",
    "CallOff",
    "CallOffExtension",
    "CallOffMoney",
    "CompetenceCount",
    "ConfirmLink",
    "Contract",
    "ContractClause",
    "ContractDocument",
    "ContractMoney",
    "ContractPlace",
    "ContractShare",
    "ContractVersion",
    "DeliveredIntervention",
    "MonitoringReturn",
    "NightSum",
    "Occupancy",
    "OpeningHours",
    "PerformanceComment",
    "PerformanceMeasure",
    "PerformanceReading",
    "Place",
    "PlaceEvent",
    "Practice",
    "PreferredList",
    "PreferredProvider",
    "PrescriberCount",
    "Provider",
    "QualityRecord",
    "RequirementEvidence",
    "Service",
    "ShareAgreement",
    "SharedCareMember",
    "SharedCareScheme",
    "Site",
    "StaffCount",
    "SubContractor",
    "Variation",
    "VariationMoney",
]
