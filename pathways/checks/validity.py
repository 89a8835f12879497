"""Rules whose breach leaves the whole episode out: a lost first modality must not turn a later
wait into a first one."""

from typing import LiteralString

from pathways.checks.declarations import Case, ReadingRule, RowRule, Rule
from pathways.choices import Grade

VALIDITY = Grade.VALIDITY


def _missing(
    code: str, header: str, what: str, condition: LiteralString, *, always: bool = False
) -> RowRule:
    """A value that no episode can do without is missing."""
    return RowRule(
        code=code,
        grade=VALIDITY,
        sentence=f"{what} ({header}) is missing.",
        example=f"{header} is empty or NA",
        cases=(Case(header, condition, of_episode=not always and header != "EPISODID"),),
        whatever_the_consent=always,
    )


def _identity(header: str, condition: LiteralString) -> Case:
    """What reading noted of an identity field; its value is nowhere."""
    return Case(header, condition, only_if="s.identity_faults <> ''")


def _identity_missing(code: str, header: str, what: str, condition: LiteralString) -> RowRule:
    return RowRule(
        code=code,
        grade=VALIDITY,
        sentence=f"{what} ({header}) is missing.",
        example=f"{header} is empty or NA",
        cases=(_identity(header, condition),),
    )


IDENTITY = (
    _identity_missing(
        "V08", "FINITIAL", "The first initial", "strpos(s.identity_faults, 'FINITIAL:missing') > 0"
    ),
    _identity_missing(
        "V09",
        "SINITIAL",
        "The second initial",
        "strpos(s.identity_faults, 'SINITIAL:missing') > 0",
    ),
    _identity_missing(
        "V10", "DOB", "The date of birth", "strpos(s.identity_faults, 'DOB:missing') > 0"
    ),
    RowRule(
        code="V15",
        grade=VALIDITY,
        sentence="An initial is not one letter, or the date of birth is not a day.",
        example="FINITIAL John, DOB 31/02/1976",
        cases=(
            _identity("FINITIAL", "strpos(s.identity_faults, 'FINITIAL:unreadable') > 0"),
            _identity("SINITIAL", "strpos(s.identity_faults, 'SINITIAL:unreadable') > 0"),
            _identity("DOB", "strpos(s.identity_faults, 'DOB:unreadable') > 0"),
        ),
    ),
    RowRule(
        code="V16",
        grade=VALIDITY,
        sentence="The date of birth is too long ago to be true.",
        example="DOB 12 April 1876",
        cases=(_identity("DOB", "strpos(s.identity_faults, 'DOB:too-early') > 0"),),
    ),
    RowRule(
        code="V17",
        grade=VALIDITY,
        sentence="The date of birth is after the referral date (REFLD).",
        example="born 4 May 2006, referred 2 May 2006",
        cases=(_identity("DOB", "strpos(s.identity_faults, 'DOB:after-referral') > 0"),),
    ),
)

GIVEN = (
    ReadingRule(
        code="V01",
        grade=VALIDITY,
        sentence="The row does not have as many values as the header.",
        example="21 values where the header has 22",
    ),
    ReadingRule(
        code="V02",
        grade=VALIDITY,
        sentence="The value cannot be read.",
        example="REFLD 31/02/2006, CLIENTID =A1+1",
    ),
    ReadingRule(
        code="V03",
        grade=VALIDITY,
        sentence="The code is not in its NDTMS list.",
        example="RFLS 7, MODAL 13",
    ),
    _missing("V05", "AGNCY", "The agency code", "s.agency_code = ''", always=True),
    _missing(
        "V06",
        "CLIENTID",
        "The client's number",
        "s.client_ref = '' AND NOT coalesce(s.unreadable ? 'CLIENTID', false)",
        always=True,
    ),
    _missing(
        "V07",
        "EPISODID",
        "The episode's number",
        "s.episode_ref = '' AND NOT coalesce(s.unreadable ? 'EPISODID', false)",
    ),
    _missing("V11", "SEX", "The sex", "s.sex = '' AND NOT coalesce(s.unreadable ? 'SEX', false)"),
    _missing(
        "V12",
        "REFLD",
        "The referral date",
        "s.referred_on IS NULL AND NOT coalesce(s.unreadable ? 'REFLD', false)",
    ),
    _missing(
        "V13",
        "TRIAGED",
        "The triage date",
        "s.triaged_on IS NULL AND NOT coalesce(s.unreadable ? 'TRIAGED', false)",
    ),
    _missing(
        "V14",
        "DRUG1",
        "The main drug",
        "s.main_drug = '' AND NOT coalesce(s.unreadable ? 'DRUG1', false)",
    ),
    RowRule(
        code="V28",
        grade=VALIDITY,
        sentence="A modality has dates or a number and no type (MODAL).",
        example="MODST 12 May 2006, MODAL empty",
        cases=(
            Case(
                "MODAL",
                """
                s.modality_kind IS NULL AND NOT coalesce(s.unreadable ? 'MODAL', false)
                AND (s.modality_ref <> '' OR s.modality_exit <> '' OR coalesce(
                    s.modality_referred_on, s.first_offered_on,
                    s.modality_started_on, s.modality_ended_on) IS NOT NULL)
                """,
                of_episode=False,
            ),
        ),
    ),
)

ORDER = (
    RowRule(
        code="V18",
        grade=VALIDITY,
        sentence="The triage date (TRIAGED) is before the referral date (REFLD).",
        example="referred 6 May 2006, triaged 4 May 2006",
        cases=(Case("TRIAGED", "s.triaged_on < s.referred_on", "s.triaged_on::text"),),
    ),
    RowRule(
        code="V19",
        grade=VALIDITY,
        sentence="The discharge date (DISD) is before the triage date (TRIAGED).",
        example="triaged 6 May 2006, discharged 4 May 2006",
        cases=(Case("DISD", "s.discharged_on < s.triaged_on", "s.discharged_on::text"),),
    ),
    RowRule(
        code="V20",
        grade=VALIDITY,
        sentence="A modality starts (MODST) before its referral (REFMODDT).",
        example="REFMODDT 12 May 2006, MODST 4 May 2006",
        cases=(
            Case(
                "MODST",
                "s.modality_started_on < s.modality_referred_on",
                "s.modality_started_on::text",
                of_episode=False,
            ),
        ),
    ),
    RowRule(
        code="V21",
        grade=VALIDITY,
        sentence="A modality starts (MODST) before triage (TRIAGED).",
        example="TRIAGED 12 May 2006, MODST 4 May 2006",
        cases=(
            Case(
                "MODST",
                "s.modality_started_on < s.triaged_on",
                "s.modality_started_on::text",
                of_episode=False,
            ),
        ),
    ),
    RowRule(
        code="V22",
        grade=VALIDITY,
        sentence="A modality ends (MODEND) before it starts (MODST).",
        example="MODST 12 May 2006, MODEND 4 May 2006",
        cases=(
            Case(
                "MODEND",
                "s.modality_ended_on < s.modality_started_on",
                "s.modality_ended_on::text",
                of_episode=False,
            ),
        ),
    ),
    RowRule(
        code="V23",
        grade=VALIDITY,
        sentence="A modality ends (MODEND) after the discharge (DISD).",
        example="DISD 4 May 2006, MODEND 12 May 2006",
        cases=(
            Case(
                "MODEND",
                "s.modality_ended_on > s.discharged_on",
                "s.modality_ended_on::text",
                of_episode=False,
            ),
        ),
    ),
    RowRule(
        code="V24",
        grade=VALIDITY,
        sentence="The client is discharged (DISD) and a modality is still open (no MODEND).",
        example="DISD 4 May 2006, MODST 12 April 2006, MODEND empty",
        cases=(
            Case(
                "MODEND",
                """
                s.discharged_on IS NOT NULL AND s.modality_started_on IS NOT NULL
                AND s.modality_ended_on IS NULL
                AND NOT coalesce(s.unreadable ? 'MODEND', false)
                """,
                of_episode=False,
            ),
        ),
    ),
    RowRule(
        code="V25",
        grade=VALIDITY,
        sentence="A discharge reason (DISRSN) is given without a discharge date (DISD).",
        example="DISRSN 2, DISD empty",
        cases=(
            Case(
                "DISD",
                """
                s.discharge_reason <> '' AND s.discharged_on IS NULL
                AND NOT coalesce(s.unreadable ? 'DISD', false)
                """,
            ),
        ),
    ),
    RowRule(
        code="V27",
        grade=VALIDITY,
        sentence="A date is after the last day that the return covers (its cut-off).",
        example="cut-off 31 May 2006, MODST 12 June 2006; only an offer may lie ahead",
        cases=(
            _identity("DOB", "strpos(s.identity_faults, 'DOB:in-future') > 0"),
            Case("REFLD", "s.referred_on > %(cut_off)s", "s.referred_on::text"),
            Case("TRIAGED", "s.triaged_on > %(cut_off)s", "s.triaged_on::text"),
            Case("DISD", "s.discharged_on > %(cut_off)s", "s.discharged_on::text"),
            Case("CPLANDT", "s.care_planned_on > %(cut_off)s", "s.care_planned_on::text"),
            *(
                Case(header, condition, value, of_episode=False)
                for header, condition, value in (
                    (
                        "REFMODDT",
                        "s.modality_referred_on > %(cut_off)s",
                        "s.modality_referred_on::text",
                    ),
                    (
                        "MODST",
                        "s.modality_started_on > %(cut_off)s",
                        "s.modality_started_on::text",
                    ),
                    (
                        "MODEND",
                        "s.modality_ended_on > %(cut_off)s",
                        "s.modality_ended_on::text",
                    ),
                )
            ),
        ),
    ),
)

RULES: tuple[Rule, ...] = (*GIVEN, *IDENTITY, *ORDER)
