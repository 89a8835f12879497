"""Putting rules together into statements: all that a row alone decides in one pass over the rows.

A row is looked at once with every condition joined by OR; only rows that break something are
opened rule by rule. Of what repeats over an episode the first row is named.
"""

from collections.abc import Iterable, Iterator

from psycopg import sql

from pathways.checks.declarations import Case, RowRule, Rule, SetRule
from pathways.ndtms.fields import BY_HEADER, Kind
from pathways.ndtms.rows import WHOLE_ROW

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
    """One statement for all rules that each row answers by itself.

    Every case has a number; a row's broken cases are numbers in an array, from which those it
    keeps are removed before any become lines. (With a line of VALUES for each case in its place
    the statement took three times as long.)
    """
    cases = [(rule, case) for rule in rules for case in rule.cases]
    numbered = list(enumerate(cases, start=1))
    always = [(n, case) for n, (rule, case) in numbered if rule.whatever_the_consent]
    others = [(n, case) for n, (rule, case) in numbered if not rule.whatever_the_consent]
    return sql.SQL("""
        {finding}
        SELECT %(upload)s, agency_id, row, rule, grade, field, left(value, 80), client_ref,
            episode_ref, ''
        FROM (
            SELECT s.agency_id, s.row, s.client_ref, s.episode_ref, f.rule, f.grade, f.field,
                CASE broken.n {values} ELSE '' END AS value,
                row_number() OVER (
                    PARTITION BY f.n, CASE WHEN f.of_episode THEN 0 ELSE s.row END,
                        s.agency_id, s.client_ref, s.episode_ref
                    ORDER BY s.row
                ) AS nth
            FROM pathways_stagedrow s
            CROSS JOIN LATERAL unnest(array_remove(
                ARRAY[{always_broken}]::integer[]
                || CASE WHEN s.consent <> 'N' AND NOT coalesce(s.unreadable ? '', false)
                    THEN ARRAY[{others_broken}]::integer[] END, NULL
            )) broken (n)
            JOIN (VALUES {cases}) f (n, rule, grade, field, of_episode) ON f.n = broken.n
            WHERE s.upload_id = %(upload)s
                AND ({any_always} OR (s.consent <> 'N' AND ({any_others})))
        ) found
        WHERE nth = 1
        ORDER BY row
    """).format(
        finding=_FINDING,
        values=sql.SQL(" ").join(
            sql.SQL("WHEN {} THEN {}").format(sql.Literal(n), sql.SQL(case.value))
            for n, (_, case) in numbered
        ),
        cases=sql.SQL(",\n").join(
            sql.SQL("({})").format(
                sql.SQL(", ").join(
                    map(
                        sql.Literal,
                        (n, rule.code, rule.grade.value, case.field, case.of_episode),
                    )
                )
            )
            for n, (rule, case) in numbered
        ),
        always_broken=_broken(always),
        others_broken=_broken(others),
        any_always=_any(case for _, case in always),
        any_others=_any(case for _, case in others),
    )


def _broken(cases: Iterable[tuple[int, Case]]) -> sql.Composed:
    """Elements of an array: the number of each case that the row breaks, else null."""
    return sql.SQL(", ").join(
        sql.SQL("CASE WHEN {} THEN {} END").format(sql.SQL(case.condition), sql.Literal(n))
        for n, case in cases
    )


def _any(cases: Iterable[Case]) -> sql.Composable:
    asked = dict.fromkeys(case.only_if or case.condition for case in cases)
    conditions = [sql.SQL("({})").format(sql.SQL(condition)) for condition in asked]
    return sql.SQL(" OR ").join(conditions) if conditions else sql.SQL("false")


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
