"""Writing an episode as an NDTMS return sent on a given day would have it.

One row a modality, the values of client and episode repeated, every value in double quotes.
"""

from datetime import date

from pathways.demonstration.episodes import Episode, Modality
from pathways.demonstration.people import FEMALE

HEADERS = (
    "FINITIAL", "SINITIAL", "DOB", "SEX", "AGNCY", "CLIENTID", "EPISODID", "CONSENT", "DAT",
    "REFLD", "TRIAGED", "RFLS", "DRUG1", "MODAL", "MODID", "REFMODDT", "FAOMODDT", "MODST",
    "MODEND", "DISD", "DISRSN", "CPLANDT", "ETHNIC", "DRUG2", "DRUG3", "ROUTE", "INJSTAT",
    "ACCMNEED", "PREGNANT", "HEPBSTAT", "HEPBVAC", "HEPCSTAT", "HEPCTD", "EMPSTAT", "DUALDIAG",
    "PREVTR",
)  # fmt: skip
Row = dict[str, str]
HEADER_LINE = '"' + '","'.join(HEADERS) + '"\n'
# A client's number is the agency's own: one person has unlike numbers at two agencies.
NUMBERS, STEP = 9_999_991, 7_654_321


class Writing(dict[int | None, str]):
    """Days as an agency's system writes them; a day that is not known is blank."""

    def __init__(self, date_format: str) -> None:
        super().__init__({None: ""})
        self._format = date_format

    def __missing__(self, day: int | None) -> str:
        assert day is not None  # noqa: S101 (None is there from the start)
        self[day] = written = date.fromordinal(day).strftime(self._format)
        return written


_WRITING: dict[str, Writing] = {}


def writing(date_format: str) -> Writing:
    """The one table of written days for a format."""
    if date_format not in _WRITING:
        _WRITING[date_format] = Writing(date_format)
    return _WRITING[date_format]


def client_number(episode: Episode) -> str:
    """The agency's own number for a person."""
    offset = int.from_bytes(episode.agency.code.encode(), "big")
    return str((episode.person.number * STEP + offset) % NUMBERS + 1)


def lines(episode: Episode, day: int) -> str:
    """The rows of an episode as known on a day, ready to be written; none before its triage."""
    if episode.triaged > day:
        return ""
    rows = [list(row.values()) for row in rows_known(episode, day)]
    blank = episode.agency.blank
    if blank:
        rows = [[value or blank for value in row] for row in rows]
    return "".join(['"' + '","'.join(row) + '"\n' for row in rows])


def rows_known(episode: Episode, day: int) -> list[Row]:
    """The rows of an episode as known on a day, with the mistake the agency had not yet seen."""
    withdrawn = episode.without_consent_from
    if withdrawn is not None and withdrawn <= day:
        return [_without_consent(episode)]
    rows = [
        _row(episode, number, one, day)
        for number, one in enumerate(episode.modalities, start=1)
        if one.is_known(day)
    ]
    if not rows:
        rows = [_row(episode, 0, None, day)]
    if episode.mistake is not None and day <= episode.mistake_until:
        rows = episode.mistake.make(rows, episode, day)
    return rows


def _without_consent(episode: Episode) -> Row:
    """A client who does not consent is counted and nothing more is said of them."""
    row = dict.fromkeys(HEADERS, "")
    client = client_number(episode)
    row |= {"AGNCY": episode.agency.code, "CLIENTID": client, "CONSENT": "N"}
    row["EPISODID"] = f"{client}{episode.number:02}"
    return row


def _row(episode: Episode, number: int, modality: Modality | None, day: int) -> Row:
    """One row, in the order of the header."""
    person, agency = episode.person, episode.agency
    written = writing(agency.date_format)
    client = client_number(episode)
    gone = episode.discharged <= day
    plan = episode.care_plan
    modal = referred = offered = started = ended = ""
    if modality is not None:
        modal, referred = modality.modal, written[modality.referred]
        if modality.is_offer_known(day):
            offered = written[modality.offered]
        if modality.starts is not None and modality.starts <= day:
            started = written[modality.starts]
        if modality.ends <= day and (started or gone):
            ended = written[min(modality.ends, episode.discharged)] if started else ""
    return {
        "FINITIAL": person.initials[0],
        "SINITIAL": person.initials[1],
        "DOB": written[person.born],
        "SEX": person.sex,
        "AGNCY": agency.code,
        "CLIENTID": client,
        "EPISODID": f"{client}{episode.number:02}",
        "CONSENT": "Y",
        "DAT": episode.dat_code,
        "REFLD": written[episode.referred],
        "TRIAGED": written[episode.triaged],
        "RFLS": episode.referral_source,
        "DRUG1": person.drug,
        "MODAL": modal,
        "MODID": str(number) if number else "",
        "REFMODDT": referred,
        "FAOMODDT": offered,
        "MODST": started,
        "MODEND": ended,
        "DISD": written[episode.discharged] if gone else "",
        "DISRSN": episode.reason if gone else "",
        "CPLANDT": written[plan] if plan is not None and plan <= day else "",
        "ETHNIC": person.ethnic,
        "DRUG2": person.second_drug,
        "DRUG3": person.third_drug,
        "ROUTE": person.route,
        "INJSTAT": person.injecting,
        "ACCMNEED": person.housing,
        "PREGNANT": _pregnant(episode),
        "HEPBSTAT": person.hepatitis_b,
        "HEPBVAC": person.vaccinations,
        "HEPCSTAT": person.hepatitis_c,
        "HEPCTD": person.hepatitis_c_tested,
        "EMPSTAT": person.employment,
        "DUALDIAG": person.dual_diagnosis,
        "PREVTR": "Y" if episode.treated_before else "N",
    }


def _pregnant(episode: Episode) -> str:
    if episode.person.sex != FEMALE:
        return ""
    return "Y" if episode.is_pregnant else "N"
