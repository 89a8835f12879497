"""Putting rules together into statements: all that a row alone decides in one pass over the rows.

A row is looked at once with every condition joined by OR; only rows that break something are
opened rule by rule. Of what repeats over an episode the first row is named.
"""

from collections.abc import Iterable, Iterator

from psycopg import sql

from pathways.checks.declarations import Case, RowRule, Rule, SetRule
from pathways.ndtms.fields import BY_HEADER, Kind
from pathways.ndtms.reading import WHOLE_ROW

_FINDING = sql.SQL("""
    INSERT INTO pathways_finding
        (upload_id, agency_id, row, rule, grade, field, value, client_ref, episode_ref, sentence)
""")


def statements(rules: Iterable[Rule]) -> Iterator[tuple[str, sql.Composable]]:
    """The statements that write every finding of the rules, each with what it looks at.

    Parameters: upload, cut_off, heads_of_drugs and the settings of the rule set by name.
    """
    rules = list(rules)
    codes = {rule.code for rule in rules}
    row_rules = [rule for rule in rules if isinstance(rule, RowRule)]
    if row_rules:
        yield "Values and dates", by_row(row_rules)
    if {"V01", "V02", "V03"} & codes:
        yield "Values that cannot be read", _unreadable(codes)
    for rule in rules:
        if isinstance(rule, SetRule):
            yield rule.sentence, _by_set(rule)


def by_row(rules: Iterable[RowRule]) -> sql.Composed:
    """One statement for all rules that each row answers by itself."""
    cases = [(rule, case) for rule in rules for case in rule.cases]
    always = [case for rule, case in cases if rule.whatever_the_consent]
    others = [case for rule, case in cases if not rule.whatever_the_consent]
    return sql.SQL("""
        {finding}
        SELECT %(upload)s, agency_id, row, rule, grade, field, left(value, 80), client_ref,
            episode_ref, ''
        FROM (
            SELECT s.agency_id, s.row, s.client_ref, s.episode_ref, f.*,
                row_number() OVER (
                    PARTITION BY f.rule, f.field, CASE WHEN f.of_episode THEN 0 ELSE s.row END,
                        s.agency_id, s.client_ref, s.episode_ref
                    ORDER BY s.row
                ) AS nth
            FROM pathways_stagedrow s
            CROSS JOIN LATERAL (VALUES {cases})
                f (rule, grade, field, of_episode, always, value, is_broken)
            WHERE s.upload_id = %(upload)s
                AND ({always} OR (s.consent <> 'N' AND ({others})))
                AND f.is_broken
                AND (f.always OR (s.consent <> 'N' AND NOT coalesce(s.unreadable ? '', false)))
        ) broken
        WHERE nth = 1
        ORDER BY row
    """).format(
        finding=_FINDING,
        cases=sql.SQL(",\n").join(_case(rule, case) for rule, case in cases),
        always=_any(always),
        others=_any(others),
    )


def _any(cases: Iterable[Case]) -> sql.Composable:
    conditions = [sql.SQL("({})").format(sql.SQL(case.condition)) for case in cases]
    return sql.SQL(" OR ").join(conditions) if conditions else sql.SQL("false")


def _case(rule: RowRule, case: Case) -> sql.Composed:
    return sql.SQL("({}, {}, {}, {}, {}, {}, ({}))").format(
        sql.Literal(rule.code),
        sql.Literal(rule.grade.value),
        sql.Literal(case.field),
        sql.Literal(case.of_episode),
        sql.Literal(rule.whatever_the_consent),
        sql.SQL(case.value),
        sql.SQL(case.condition),
    )


def _unreadable(codes: set[str]) -> sql.Composed:
    """What the reader could not read, noted in the row by header."""
    listed = [
        used.header for used in BY_HEADER.values() if used.kind in {Kind.CODE, Kind.MODALITY}
    ]
    return sql.SQL("""
        {finding}
        SELECT %(upload)s, s.agency_id, s.row, u.rule, 'VALIDITY', u.key, u.value, s.client_ref,
            s.episode_ref, ''
        FROM pathways_stagedrow s CROSS JOIN LATERAL (
            SELECT key, value,
                CASE WHEN key = {row} THEN 'V01' WHEN key = ANY({listed}) THEN 'V03' ELSE 'V02' END
                AS rule
            FROM jsonb_each_text(s.unreadable)
        ) u
        WHERE s.upload_id = %(upload)s AND s.unreadable IS NOT NULL AND u.rule = ANY({codes})
        ORDER BY s.row
    """).format(
        finding=_FINDING,
        row=sql.Literal(WHOLE_ROW),
        listed=sql.Literal(listed),
        codes=sql.Literal(sorted(codes)),
    )


def _by_set(rule: SetRule) -> sql.Composed:
    return sql.SQL("""
        {finding}
        SELECT %(upload)s, found.agency_id, found.row, {code}, {grade}, found.field,
            left(found.value, 80), found.client_ref, found.episode_ref, found.sentence
        FROM ({statement}) found
            (agency_id, row, field, value, client_ref, episode_ref, sentence)
        ORDER BY found.row
    """).format(
        finding=_FINDING,
        code=sql.Literal(rule.code),
        grade=sql.Literal(rule.grade.value),
        statement=rule.statement,
    )
