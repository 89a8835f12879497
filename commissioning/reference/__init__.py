"""Facts from published sources that the system starts from: no Django, no clock, no database.

`framework` reads the four tiers; `tables` reads the partnerships and the NDTMS lists. Every
row says where it was read; README.md beside the files gives sources and licences.
"""

from commissioning.reference.framework import (
    ClientGroup,
    DanosUnit,
    Framework,
    FrameworkItem,
    InterventionType,
    Mark,
    Setting,
    Statement,
    Tier,
    framework,
)
from commissioning.reference.tables import (
    CentreRow,
    ComparatorRow,
    DischargeReason,
    FieldRow,
    FundingStreamRow,
    PartnershipRow,
    WaitHistoryRow,
    code_lists,
    codes,
    comparators,
    discharge_reasons,
    funding_streams,
    ndtms_fields,
    partnership_centres,
    partnerships,
    regions,
    waiting_time_history,
)

__all__ = [
    "CentreRow",
    "ClientGroup",
    "ComparatorRow",
    "DanosUnit",
    "DischargeReason",
    "FieldRow",
    "Framework",
    "FrameworkItem",
    "FundingStreamRow",
    "InterventionType",
    "Mark",
    "PartnershipRow",
    "Setting",
    "Statement",
    "Tier",
    "WaitHistoryRow",
    "code_lists",
    "codes",
    "comparators",
    "discharge_reasons",
    "framework",
    "funding_streams",
    "ndtms_fields",
    "partnership_centres",
    "partnerships",
    "regions",
    "waiting_time_history",
]
