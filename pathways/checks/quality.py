"""Rules whose breach is accepted once a person has confirmed it with a reason, and notes."""

from commissioning.reference.tables import codes
from pathways.checks.declarations import Case, ReadingRule, RowRule, Rule
from pathways.choices import Grade

HEADS_OF_DRUGS = tuple(codes("DRUG"))

RULES: tuple[Rule, ...] = (
    RowRule(
        code="Q01",
        grade=Grade.QUALITY,
        sentence="The client is discharged (DISD) and no reason is given (DISRSN).",
        example="DISD 4 May 2006, DISRSN empty",
        cases=(
            Case(
                "DISRSN",
                """
                s.discharged_on IS NOT NULL AND s.discharge_reason = ''
                AND NOT coalesce(s.unreadable ? 'DISRSN', false)
                """,
            ),
        ),
    ),
    RowRule(
        code="Q02",
        grade=Grade.QUALITY,
        sentence="The first appointment (FAOMODDT) is before the referral to it (REFMODDT).",
        example="REFMODDT 12 May 2006, FAOMODDT 4 May 2006: a wait of minus 8 days",
        cases=(
            Case(
                "FAOMODDT",
                "s.first_offered_on < s.modality_referred_on",
                "s.first_offered_on::text",
                of_episode=False,
            ),
        ),
    ),
    RowRule(
        code="Q03",
        grade=Grade.QUALITY,
        sentence="The modality starts (MODST) before its first appointment offered (FAOMODDT).",
        example="FAOMODDT 12 May 2006, MODST 4 May 2006",
        cases=(
            Case(
                "MODST",
                "s.modality_started_on < s.first_offered_on",
                "s.modality_started_on::text",
                of_episode=False,
            ),
        ),
    ),
    RowRule(
        code="Q04",
        grade=Grade.QUALITY,
        sentence="The care plan (CPLANDT) is after the start of the modality (MODST).",
        example="MODST 4 May 2006, CPLANDT 12 May 2006",
        cases=(
            Case(
                "CPLANDT",
                "s.care_planned_on > s.modality_started_on",
                "s.care_planned_on::text",
                of_episode=False,
            ),
        ),
    ),
    RowRule(
        code="Q06",
        grade=Grade.QUALITY,
        sentence="The wait for the modality is very long.",
        example="REFMODDT 4 May 2005, FAOMODDT 12 June 2006",
        cases=(
            Case(
                "FAOMODDT",
                "s.first_offered_on - s.modality_referred_on >= %(very_long_wait_days)s",
                "s.first_offered_on::text",
                of_episode=False,
            ),
        ),
    ),
    RowRule(
        code="Q07",
        grade=Grade.QUALITY,
        sentence="The client has been in contact for a very long time.",
        example="triaged 4 May 1994 and not discharged",
        cases=(
            Case(
                "TRIAGED",
                """
                least(s.discharged_on, %(cut_off)s) - s.triaged_on >= %(very_long_stay_days)s
                """,
                "s.triaged_on::text",
            ),
        ),
    ),
    RowRule(
        code="Q08",
        grade=Grade.QUALITY,
        sentence="The drug code is not among those we know.",
        example="DRUG1 1234",
        cases=(
            Case(
                "DRUG1",
                "s.main_drug <> '' AND s.main_drug <> ALL(%(heads_of_drugs)s)",
                "s.main_drug",
            ),
            Case(
                "DRUG2",
                "s.second_drug <> '' AND s.second_drug <> ALL(%(heads_of_drugs)s)",
                "s.second_drug",
            ),
            Case(
                "DRUG3",
                "s.third_drug <> '' AND s.third_drug <> ALL(%(heads_of_drugs)s)",
                "s.third_drug",
            ),
        ),
    ),
    RowRule(
        code="N01",
        grade=Grade.NOTE,
        sentence="The partnership of residence (DAT) is not given or not known; the episode is"
        " counted outside every partnership.",
        example="DAT X99Z",
        cases=(Case("DAT", "s.residence IN ('MISSING', 'UNKNOWN')", "s.dat"),),
    ),
    ReadingRule(
        code="N02",
        grade=Grade.NOTE,
        sentence="The header is repeated within the file; the line was passed over.",
        example="two exports pasted one under the other",
    ),
)
