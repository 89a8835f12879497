"""The headers of an NDTMS file and how the values under each are typed.

The core set was in use in 2006/07; the others are used when a file has them. All other headers of
data set H are known and ignored; a header outside it refuses the file.
"""

from dataclasses import dataclass
from enum import StrEnum, auto

from commissioning.reference.tables import ndtms_fields


class Kind(StrEnum):
    """How the values under a header are written and read."""

    IDENTITY = auto()  # part of the attributor: hashed, never kept
    AGENCY = auto()  # code of an agency in our register
    RESIDENCE = auto()  # code of a partnership, or a named bucket
    REFERENCE = auto()  # the agency's own number for a client, an episode or a modality
    CODE = auto()  # of a published list
    DRUG = auto()  # of the drug list, of which only the heads are held
    MODALITY = auto()  # number of an intervention type
    DAY = auto()  # YYYYMMDD, DD/MM/YYYY or YYYY-MM-DD


@dataclass(frozen=True, kw_only=True)
class Field:
    """A header that is used: its values, where they are staged, and what they belong to.

    `of_episode`: the value is repeated on each row of its episode and must not differ there.
    `code_list`: the published list it must be in.
    """

    header: str
    kind: Kind
    column: str = ""
    core: bool = False
    of_episode: bool = False
    code_list: str = ""

    @property
    def meaning(self) -> str:
        return MEANINGS[self.header]


MEANINGS = {row.header: row.meaning for row in ndtms_fields()}
KNOWN_HEADERS = frozenset(MEANINGS)


def _core(header: str, kind: Kind, column: str = "", *, of_episode: bool = True) -> Field:
    code_list = header if kind in {Kind.CODE, Kind.MODALITY} else ""
    return Field(
        header=header,
        kind=kind,
        column=column,
        core=True,
        of_episode=of_episode,
        code_list=code_list,
    )


def _used(header: str, column: str, kind: Kind = Kind.CODE, *, of_episode: bool = True) -> Field:
    code_list = header if kind is Kind.CODE else ""
    return Field(
        header=header, kind=kind, column=column, of_episode=of_episode, code_list=code_list
    )


FIELDS: tuple[Field, ...] = (
    _core("FINITIAL", Kind.IDENTITY, of_episode=False),
    _core("SINITIAL", Kind.IDENTITY, of_episode=False),
    _core("DOB", Kind.IDENTITY, of_episode=False),
    _core("SEX", Kind.CODE, "sex"),
    _core("AGNCY", Kind.AGENCY, "agency_code", of_episode=False),
    _core("CLIENTID", Kind.REFERENCE, "client_ref", of_episode=False),
    _core("EPISODID", Kind.REFERENCE, "episode_ref", of_episode=False),
    _core("CONSENT", Kind.CODE, "consent"),
    _core("DAT", Kind.RESIDENCE, "dat"),
    _core("REFLD", Kind.DAY, "referred_on"),
    _core("TRIAGED", Kind.DAY, "triaged_on"),
    _core("RFLS", Kind.CODE, "referral_source"),
    _core("DRUG1", Kind.DRUG, "main_drug"),
    _core("MODAL", Kind.MODALITY, "modality_kind", of_episode=False),
    _core("MODID", Kind.REFERENCE, "modality_ref", of_episode=False),
    _core("REFMODDT", Kind.DAY, "modality_referred_on", of_episode=False),
    _core("FAOMODDT", Kind.DAY, "first_offered_on", of_episode=False),
    _core("MODST", Kind.DAY, "modality_started_on", of_episode=False),
    _core("MODEND", Kind.DAY, "modality_ended_on", of_episode=False),
    _core("DISD", Kind.DAY, "discharged_on"),
    _core("DISRSN", Kind.CODE, "discharge_reason"),
    _core("CPLANDT", Kind.DAY, "care_planned_on"),
    _used("ETHNIC", "ethnic"),
    _used("DRUG2", "second_drug", Kind.DRUG),
    _used("DRUG3", "third_drug", Kind.DRUG),
    _used("ROUTE", "route"),
    _used("INJSTAT", "injecting"),
    _used("ACCMNEED", "accommodation_need"),
    _used("PREGNANT", "pregnant"),
    _used("HEPBSTAT", "hepatitis_b_status"),
    _used("HEPBVAC", "hepatitis_b_vaccination"),
    _used("HEPCSTAT", "hepatitis_c_status"),
    _used("HEPCTD", "hepatitis_c_tested"),
    _used("EMPSTAT", "employment"),
    _used("DUALDIAG", "dual_diagnosis"),
    _used("MODEXIT", "modality_exit", of_episode=False),
    _used("PREVTR", "previously_treated"),
)

BY_HEADER = {field.header: field for field in FIELDS}
CORE_HEADERS = tuple(field.header for field in FIELDS if field.core)
IDENTITY_HEADERS = tuple(field.header for field in FIELDS if field.kind is Kind.IDENTITY)
STAGED = tuple(field for field in FIELDS if field.kind is not Kind.IDENTITY)
NOT_SUPPLIED = frozenset({"", "NA"})


def columns_of(field: Field) -> tuple[str, ...]:
    """The columns that a field's value is staged in, in the order its cell holds them."""
    match field.kind:
        case Kind.AGENCY:
            return ("agency_code", "agency_id")
        case Kind.RESIDENCE:
            return ("dat", "residence", "partnership_id")
        case _:
            return (field.column,)
