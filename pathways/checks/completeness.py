"""How complete a return is: of the core values that a row should hold, the share that it does."""

from dataclasses import dataclass
from typing import LiteralString

from psycopg import sql


@dataclass(frozen=True)
class Expected:
    """A core field: when a row should hold a value for it, and when it does not."""

    header: str
    missing: LiteralString
    where: LiteralString = "true"


_MODALITY: LiteralString = "s.modality_kind IS NOT NULL"

# Of the core fields all but AGNCY, which no row here is without, and MODST and DISD, which come
# when they come.
EXPECTED: tuple[Expected, ...] = (
    Expected("FINITIAL", "strpos(s.identity_faults, 'FINITIAL:missing') > 0"),
    Expected("SINITIAL", "strpos(s.identity_faults, 'SINITIAL:missing') > 0"),
    Expected("DOB", "strpos(s.identity_faults, 'DOB:missing') > 0"),
    Expected("SEX", "s.sex = ''"),
    Expected("CLIENTID", "s.client_ref = ''"),
    Expected("EPISODID", "s.episode_ref = ''"),
    Expected("CONSENT", "s.consent = ''"),
    Expected("DAT", "s.residence = 'MISSING'"),
    Expected("REFLD", "s.referred_on IS NULL"),
    Expected("TRIAGED", "s.triaged_on IS NULL"),
    Expected("RFLS", "s.referral_source = ''"),
    Expected("DRUG1", "s.main_drug = ''"),
    Expected("MODAL", "s.modality_kind IS NULL"),
    Expected("MODID", "s.modality_ref = ''", _MODALITY),
    Expected("REFMODDT", "s.modality_referred_on IS NULL", _MODALITY),
    Expected("FAOMODDT", "s.first_offered_on IS NULL", "s.modality_started_on IS NOT NULL"),
    Expected(
        "MODEND",
        "s.modality_ended_on IS NULL",
        "s.modality_started_on IS NOT NULL AND s.discharged_on IS NOT NULL",
    ),
    Expected("DISRSN", "s.discharge_reason = ''", "s.discharged_on IS NOT NULL"),
    Expected("CPLANDT", "s.care_planned_on IS NULL", "s.modality_started_on IS NOT NULL"),
)


def make_returns() -> sql.Composed:
    """The statement that makes a file's returns, one an agency, with what each row owes and has.

    Parameters: upload, month, cut_off.
    """
    return sql.SQL("""
        INSERT INTO pathways_return (upload_id, agency_id, month, cut_off, state, rows,
            rows_without_consent, episodes, episodes_rejected, episodes_added, episodes_changed,
            episodes_unchanged, episodes_vanished, removal_confirmed, completeness,
            missing_by_field)
        SELECT %(upload)s, agency_id, %(month)s, %(cut_off)s, 'PENDING', rows, rows - with_consent,
            0, 0, 0, 0, 0, 0, false,
            CASE WHEN with_consent > 0
                THEN round(1 - ({all_missing})::numeric / nullif({all_owed}, 0), 4) END,
            jsonb_strip_nulls(jsonb_build_object({by_field}))
        FROM (
            SELECT s.agency_id, count(*) AS rows,
                count(*) FILTER (WHERE s.consent <> 'N') AS with_consent, {counts}
            FROM pathways_stagedrow s
            WHERE s.upload_id = %(upload)s AND s.agency_id IS NOT NULL
            GROUP BY s.agency_id
        ) counted
    """).format(
        all_missing=_sum("missing"),
        all_owed=_sum("owed"),
        by_field=sql.SQL(", ").join(
            sql.SQL("{}, nullif({}, 0)").format(
                sql.Literal(one.header), sql.Identifier(f"missing {one.header}")
            )
            for one in EXPECTED
        ),
        counts=sql.SQL(", ").join(_counts(one) for one in EXPECTED),
    )


def _sum(what: str) -> sql.Composed:
    return sql.SQL(" + ").join(sql.Identifier(f"{what} {one.header}") for one in EXPECTED)


def _counts(one: Expected) -> sql.Composed:
    # Little is missing, so that is asked first: of most rows nothing else is.
    return sql.SQL("""
        count(*) FILTER (WHERE s.consent <> 'N' AND {where}) AS {owed},
        count(*) FILTER (WHERE {missing} AND {where} AND s.consent <> 'N') AS {lacks}
    """).format(
        where=sql.SQL(one.where),
        missing=sql.SQL(one.missing),
        owed=sql.Identifier(f"owed {one.header}"),
        lacks=sql.Identifier(f"missing {one.header}"),
    )
