"""The statements that lay plans of all England: what is pointed to comes before what points.

Sizes and words vary by arithmetic on the rows' own numbers, so that two runs lay the same. The
parameters are those of `laying.values`.
"""

from typing import Final, LiteralString

# Which year's plan is in which state: those over are closed, one runs, the next are on their way.
PLANS: Final[LiteralString] = """
INSERT INTO commissioning_plan (partnership_id, year, kind, slug, name, state, summary, has_prison,
                                revision, last_line_number)
SELECT id, year, 'OWN', 'FY' || year, '',
       CASE WHEN year < %(running)s THEN 'CLOSED'
            WHEN year = %(running)s AND rank %% 10 = 0 AND NOT is_home THEN 'AGREED'
            WHEN year = %(running)s THEN 'MONITORED'
            WHEN is_home THEN 'DRAFT'
            ELSE (ARRAY['DRAFT', 'SUBMITTED', 'COMMENTED', 'RESUBMITTED', 'AGREED', 'DRAFT',
                        'DRAFT', 'SUBMITTED', 'SUBMITTED', 'COMMENTED'])[1 + rank %% 10] END,
       %(summary)s, rank %% 5 = 0, 40, %(lines)s
  FROM (SELECT o.id, row_number() OVER (ORDER BY o.code) AS rank, o.code = %(home)s AS is_home
          FROM commissioning_partnership p
          JOIN commissioning_organisation o ON o.id = p.organisation_id) place,
       unnest(%(years)s::int[]) year
 ORDER BY year, id;
INSERT INTO commissioning_plan (partnership_id, year, kind, slug, name, state, summary, has_prison,
                                revision, last_line_number)
SELECT min(organisation_id), year, 'JOINT', 'FY' || year || '-tier-4', 'Tier 4 together',
       CASE WHEN year < %(running)s THEN 'CLOSED' WHEN year = %(running)s THEN 'MONITORED'
            ELSE 'DRAFT' END,
       %(summary)s, false, 20, %(joint_lines)s
  FROM commissioning_organisationfact, unnest(%(years)s::int[]) year
 WHERE kind = 'IN_REGION' AND until_on IS NULL
 GROUP BY other_id, year;
INSERT INTO commissioning_planmember (plan_id, partnership_id, share)
SELECT p.id, place.id,
       trunc(100.0 / many, 3)
       + CASE WHEN rank = 1 THEN 100 - many * trunc(100.0 / many, 3) ELSE 0 END
  FROM (SELECT organisation_id AS id, other_id AS region,
               count(*) OVER (PARTITION BY other_id) AS many,
               row_number() OVER (PARTITION BY other_id ORDER BY organisation_id) AS rank
          FROM commissioning_organisationfact
         WHERE kind = 'IN_REGION' AND until_on IS NULL) place
  JOIN commissioning_organisationfact AS lead
    ON lead.other_id = place.region AND lead.kind = 'IN_REGION' AND lead.until_on IS NULL
  JOIN commissioning_plan p ON p.partnership_id = lead.organisation_id AND p.kind = 'JOINT'
"""

WORDS: Final[LiteralString] = """
INSERT INTO commissioning_priority (plan_id, number, text, need)
SELECT p.id, n, (%(priorities)s::text[])[1 + (n - 1) %% 3] || ' (' || n || ')', %(need)s
  FROM commissioning_plan p, generate_series(1, 6) n;
INSERT INTO commissioning_target (plan_id, indicator, source, baseline, baseline_source, target,
                                  trajectory, agreed_with)
SELECT p.id, t.indicator, t.source, t.baseline, %(invented)s, t.target,
       ARRAY[t.baseline + (t.target - t.baseline) / 4, t.baseline + (t.target - t.baseline) / 2,
             t.baseline + (t.target - t.baseline) * 3 / 4, t.target]::numeric(12, 4)[], ''
  FROM commissioning_plan p,
       unnest(%(indicators)s::text[], %(sources)s::text[], %(baselines)s::numeric[],
              %(targets)s::numeric[]) AS t (indicator, source, baseline, target);
INSERT INTO commissioning_coverage (plan_id, item_id, state, by_whom, before_treatment,
                                    during_treatment, after_treatment, reason)
SELECT p.id, i.code, CASE (p.id + i.position) %% 9 WHEN 0 THEN 'WEAK' WHEN 1 THEN 'MISSING'
                                                  ELSE 'HAVE' END,
       'Local services', h.here, h.here, h.here,
       CASE WHEN (p.id + i.position) %% 9 < 2 THEN %(need)s ELSE '' END
  FROM commissioning_plan p, commissioning_frameworkitem i,
       LATERAL (SELECT i.code = ANY(%(harm_reduction)s::text[])) AS h (here);
INSERT INTO commissioning_gridrow (plan_id, grid, number, priority_id, objective, action, by_when,
                                   by_whom, status, status_note)
SELECT p.id, (%(grids)s::text[])[1 + (n - 1) / 8], 1 + (n - 1) %% 8, q.id,
       'Objective ' || n, %(action)s, make_date(p.year, 4, 1) + n * 9, 'Commissioning manager',
       CASE WHEN p.state = 'CLOSED' THEN 'DONE' WHEN p.year > %(running)s THEN 'NOT_STARTED'
            ELSE (ARRAY['DONE', 'ON_TRACK', 'LATE', 'ON_TRACK', 'NOT_STARTED'])[1 + n %% 5] END, ''
  FROM commissioning_plan p
 CROSS JOIN generate_series(1, 40) n
  JOIN commissioning_priority q ON q.plan_id = p.id AND q.number = 1 + n %% 6;
INSERT INTO commissioning_plandocument (plan_id, role, title, "where", note)
SELECT p.id, d.role, d.role, 'Kept by the council', ''
  FROM commissioning_plan p, unnest(%(documents)s::text[]) AS d (role);
INSERT INTO commissioning_needsassessment (partnership_id, year, name, state, summary,
                                           region_estimate, region_estimate_source, finished_on,
                                           revision)
SELECT partnership_id, year, '', CASE WHEN state = 'DRAFT' THEN 'DRAFT' ELSE 'FINISHED' END,
       %(need)s, 21000, %(invented)s,
       CASE WHEN state <> 'DRAFT' THEN make_date(year, 1, 31) END, 5
  FROM commissioning_plan WHERE kind = 'OWN';
INSERT INTO commissioning_needsarea (assessment_id, partnership_id, year)
SELECT id, partnership_id, year FROM commissioning_needsassessment;
INSERT INTO commissioning_bullseyefigure (assessment_id, partnership_id, ring, value, lower, upper,
                                          source)
SELECT id, partnership_id, r.ring, r.value, r.value - 90, r.value + 110, %(invented)s
  FROM commissioning_needsassessment,
       (VALUES ('ESTIMATE', 1350), ('KNOWN', 240)) AS r (ring, value);
INSERT INTO commissioning_groupneed (assessment_id, "group", estimate, source, need)
SELECT a.id, g, 120 + a.id %% 300, %(invented)s, %(need)s
  FROM commissioning_needsassessment a, unnest(%(groups)s::text[]) g;
INSERT INTO commissioning_harmfigure (assessment_id, comparator_id, value, source)
SELECT a.id, c.code, c.value * (0.8 + a.id %% 40 / 100.0), %(invented)s
  FROM commissioning_needsassessment a, commissioning_nationalcomparator c WHERE c.compares;
INSERT INTO commissioning_view (assessment_id, "of", said, how_asked)
SELECT a.id, o, %(need)s, 'A meeting in October'
  FROM commissioning_needsassessment a, unnest(ARRAY['USERS', 'CARERS']) o, generate_series(1, 3);
INSERT INTO commissioning_capacityneed (assessment_id, intervention_id, need, penetration, weeks,
                                        occupancy, source)
SELECT a.id, i.code, 60 + i.position * 9, 42, 12, 85, %(invented)s
  FROM commissioning_needsassessment a, commissioning_interventiontype i
 WHERE i.normal_tier_id >= 3;
INSERT INTO commissioning_gap (assessment_id, text, item_id)
SELECT a.id, 'Too little of ' || i.name, i.code
  FROM commissioning_needsassessment a, commissioning_frameworkitem i WHERE i.position <= 2;
INSERT INTO commissioning_duedate (organisation_id, year, step, "on")
SELECT o.id, year, d.step, make_date(year, 4, 1) - d.days
  FROM commissioning_organisation o, unnest(%(years)s::int[]) year,
       (VALUES ('SUBMITTED', 59), ('COMMENTED', 38), ('RESUBMITTED', 24), ('AGREED', 1))
       AS d (step, days)
 WHERE o.kind IN ('REGION', 'NATION')
"""

# A line costs between two thousand and sixty, half of them by unit, volume and weeks.
LINES: Final[LiteralString] = """
INSERT INTO commissioning_line (plan_id, number, position, name, tier, intervention_id,
       provider_id, priority_id, setting, purchase, evenings, weekends, harm_reduction, aftercare,
       pathway, planned_starts, places, unit, unit_cost, volume, weeks, plain_sum, cost, ends_on,
       note, revision)
SELECT p.id, n, n, i.name || ', locality ' || n, i.normal_tier_id, i.code, v.id, q.id, '',
       CASE i.normal_tier_id WHEN 4 THEN (ARRAY['BLOCK', 'SPOT'])[1 + n %% 2]
                             WHEN 3 THEN 'AGREEMENT' ELSE '' END,
       n %% 3 = 0, n %% 7 = 0, n %% 4 = 0, i.code = ANY(%(aftercare)s::text[]),
       CASE i.normal_tier_id WHEN 4 THEN 'From the assessment panel; on to aftercare' ELSE '' END,
       CASE WHEN n %% 4 > 0 THEN 5 + h.of %% 120 END,
       CASE WHEN m.by_unit THEN m.volume END,
       CASE WHEN m.by_unit THEN 'place a week' ELSE '' END,
       CASE WHEN m.by_unit THEN m.unit_cost END, CASE WHEN m.by_unit THEN m.volume END,
       CASE WHEN m.by_unit THEN m.weeks END, CASE WHEN NOT m.by_unit THEN m.plain END,
       CASE WHEN m.by_unit THEN m.unit_cost * m.volume * m.weeks ELSE m.plain END,
       CASE WHEN n %% 20 = 0 THEN make_date(p.year, 12, 31) END,
       CASE WHEN n %% 10 = 0 THEN %(need)s ELSE '' END, 3
  FROM commissioning_plan p
 CROSS JOIN LATERAL generate_series(1, p.last_line_number) n
 CROSS JOIN LATERAL (SELECT p.partnership_id * 31 + p.year * 17 + n * 13) AS h (of)
 CROSS JOIN LATERAL (SELECT n %% 2 = 0, 20 + h.of %% 90 + 0.50, 1 + h.of %% 9,
                            (ARRAY[26, 50, 52])[1 + n %% 3], 2000 + (h.of %% 240) * 250)
         AS m (by_unit, unit_cost, volume, weeks, plain)
  JOIN (SELECT code, name, normal_tier_id, row_number() OVER (ORDER BY position) - 1 AS at,
               count(*) OVER () AS many
          FROM commissioning_interventiontype WHERE normal_tier_id IS NOT NULL) i
    ON i.at = CASE WHEN p.kind = 'OWN' THEN n %% i.many ELSE i.many - 1 - n %% 5 END
  LEFT JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS at, count(*) OVER () AS many
               FROM commissioning_organisation WHERE kind = 'PROVIDER') v
    ON n %% 6 > 0 AND v.at = (p.partnership_id + n %% 7) %% v.many
  JOIN commissioning_priority q ON q.plan_id = p.id AND q.number = 1 + n %% 6
"""

PROFILES: Final[LiteralString] = """
INSERT INTO commissioning_linetrajectory (plan_id, line_id, quarter, starts, spend)
SELECT l.plan_id, l.id, q, l.planned_starts * q / 4,
       CASE WHEN l.number %% 4 = 1
            THEN round(l.cost * (ARRAY[0.20, 0.45, 0.70, 1.00])[q], 2) END
  FROM commissioning_line l, generate_series(1, 4) q WHERE l.planned_starts IS NOT NULL
"""

# Four streams a line; the last of them is the one that may pay for it where one is fenced.
ALLOCATIONS: Final[LiteralString] = """
INSERT INTO commissioning_allocation
       (plan_id, line_id, stream_id, amount, planned, committed, paid)
SELECT p.id, l.id, s.code, s.amount, CASE WHEN p.is_agreed THEN s.amount ELSE 0 END,
       CASE WHEN p.is_agreed THEN s.amount - t.times * round(s.amount / s.of, 2) ELSE 0 END,
       CASE WHEN p.is_agreed THEN t.times * round(s.amount / s.of, 2) ELSE 0 END
  FROM (SELECT id, year, state IN ('AGREED', 'MONITORED', 'CLOSED') AS is_agreed
          FROM commissioning_plan) p
  JOIN commissioning_line l ON l.plan_id = p.id
 CROSS JOIN LATERAL (VALUES
       ('pooled-treatment', l.cost - 3 * round(l.cost / 5, 2), 5),
       ('pct-mainstream', round(l.cost / 5, 2), 3),
       ('dip-main', round(l.cost / 5, 2), 3),
       (CASE WHEN l.intervention_id = ANY(%(fenced_by_care)s::text[]) THEN 'community-care'
             WHEN l.intervention_id = ANY(%(fenced_by_housing)s::text[]) THEN 'supporting-people'
             ELSE (ARRAY['probation', 'police', 'other'])[1 + l.number %% 3] END,
        round(l.cost / 5, 2), 3)) AS s (code, amount, of)
 CROSS JOIN LATERAL (SELECT CASE WHEN p.year < %(running)s THEN s.of - 1
                                 WHEN p.year > %(running)s THEN 0
                                 WHEN s.of = 5 THEN 3 ELSE 1 END) AS t (times);
INSERT INTO commissioning_plansum (plan_id, stream_id, amount, planned, committed, paid)
SELECT plan_id, stream_id, sum(amount), sum(planned), sum(committed), sum(paid)
  FROM commissioning_allocation GROUP BY plan_id, stream_id;
INSERT INTO commissioning_funding (partnership_id, year, stream_id, amount, standing, held_by,
                                   note, revision)
SELECT p.partnership_id, p.year, a.stream_id, sum(a.amount) + 1000,
       CASE WHEN p.year > %(running)s THEN 'EXPECTED' ELSE 'CONFIRMED' END, 'Primary care trust',
       '', 2
  FROM commissioning_plan p
  JOIN commissioning_line l ON l.plan_id = p.id
  JOIN commissioning_allocation a ON a.line_id = l.id
 WHERE p.kind = 'OWN'
 GROUP BY p.partnership_id, p.year, a.stream_id
"""

# What was agreed is committed when the year begins, and paid part by part; each payment releases
# as much of its commitment.
ENTRIES: Final[LiteralString] = """
INSERT INTO commissioning_entry (plan_id, allocation_id, kind, amount, cause, reason, "on",
                                 made_at, system)
SELECT a.plan_id, a.id, e.kind, a.amount, e.kind || ':' || l.plan_id, e.reason,
       make_date(p.year, 4, 1), now(), 'benchmark'
  FROM commissioning_plan p
  JOIN commissioning_line l ON l.plan_id = p.id
  JOIN commissioning_allocation a ON a.line_id = l.id,
       (VALUES ('ALLOCATION', ''), ('COMMITMENT', 'Contract of the year')) AS e (kind, reason)
 WHERE p.state IN ('AGREED', 'MONITORED', 'CLOSED') AND a.amount > 0;
INSERT INTO commissioning_entry (plan_id, allocation_id, kind, amount, cause, commitment_id,
                                 reason, "on", made_at, system)
SELECT a.plan_id, a.id, e.kind, e.sign * round(a.amount / s.of, 2),
       'bank:' || l.plan_id || ':' || p.year || '-' || n,
       CASE WHEN e.kind = 'RELEASE' THEN c.id END, '', d.on, now(), 'benchmark'
  FROM commissioning_plan p
  JOIN commissioning_line l ON l.plan_id = p.id
  JOIN commissioning_allocation a ON a.line_id = l.id
  JOIN commissioning_entry c ON c.allocation_id = a.id AND c.kind = 'COMMITMENT'
 CROSS JOIN LATERAL (SELECT CASE a.stream_id WHEN 'pooled-treatment' THEN 5 ELSE 3 END) AS s (of)
 CROSS JOIN LATERAL (SELECT CASE WHEN p.year < %(running)s THEN s.of - 1
                                 WHEN p.year > %(running)s THEN 0
                                 WHEN s.of = 5 THEN 3 ELSE 1 END) AS t (times)
 CROSS JOIN LATERAL generate_series(1, t.times) n
 CROSS JOIN LATERAL (SELECT make_date(p.year, 4, 1) + n * 330 / s.of + l.number %% 30) AS d ("on")
 CROSS JOIN (VALUES ('RELEASE', -1), ('PAYMENT', 1)) AS e (kind, sign)
"""

# The reports whose quarter is over are signed; what a signature froze is written afterwards.
COURSE: Final[LiteralString] = """
INSERT INTO commissioning_quarterreport (plan_id, quarter, due_on, state, commentary,
                                         reopened_because, revision)
SELECT p.id, q, (make_date(p.year, 4, 1) + make_interval(months => 3 * q))::date + 30, 'OPEN',
       CASE WHEN p.year < %(running)s OR q < 4 THEN %(need)s ELSE '' END, '', 2
  FROM commissioning_plan p, generate_series(1, 4) q
 WHERE p.state IN ('AGREED', 'MONITORED', 'CLOSED');
INSERT INTO commissioning_linereport (report_id, line_id, starts, commentary)
SELECT r.id, l.id, l.planned_starts * r.quarter / 4,
       CASE WHEN l.number %% 15 = 0 THEN %(need)s ELSE '' END
  FROM commissioning_quarterreport r
  JOIN commissioning_plan p ON p.id = r.plan_id
  JOIN commissioning_line l ON l.plan_id = p.id
 WHERE l.planned_starts IS NOT NULL
   AND (p.state = 'CLOSED' OR p.state = 'MONITORED' AND r.quarter <= 2);
INSERT INTO commissioning_plancomment (plan_id, section, line_id, line_number, version, text,
       is_condition, made_at, made_by_id, answer, answered_at, answered_by_id, settled_at,
       settled_by_id)
SELECT p.id, 'LINES', l.id, l.number, 1, %(comment)s, l.number %% 40 = 0, now(), %(reviewer)s,
       CASE WHEN s.answered THEN %(answer)s ELSE '' END, CASE WHEN s.answered THEN now() END,
       CASE WHEN s.answered THEN %(lead)s END, CASE WHEN s.settled THEN now() END,
       CASE WHEN s.settled THEN %(reviewer)s END
  FROM commissioning_plan p
  JOIN commissioning_line l ON l.plan_id = p.id AND l.number %% 20 = 0
 CROSS JOIN LATERAL (SELECT p.state NOT IN ('COMMENTED', 'SUBMITTED'),
                            p.state NOT IN ('COMMENTED', 'SUBMITTED', 'RESUBMITTED'))
         AS s (answered, settled)
 WHERE p.state <> 'DRAFT' OR p.partnership_id = %(home_id)s;
INSERT INTO commissioning_amendment (plan_id, number, reason, state, opened_at, opened_by_id,
                                     decision)
SELECT id, 1, %(amendment)s, CASE id %% 2 WHEN 0 THEN 'OPEN' ELSE 'SUBMITTED' END, now(),
       %(lead)s, ''
  FROM commissioning_plan
 WHERE state = 'MONITORED' AND kind = 'OWN' AND (id %% 5 = 0 OR partnership_id = %(home_id)s);
INSERT INTO commissioning_virement (partnership_id, source_id, target_id, amount, cause, reason,
                                    state, asked_at, asked_by_id, decision)
SELECT p.partnership_id, one.id, two.id, 10, 'v' || l.id, %(amendment)s, 'ASKED', now(),
       %(lead)s, ''
  FROM commissioning_plan p
  JOIN commissioning_line l ON l.plan_id = p.id AND l.number %% 50 = 1
  JOIN commissioning_line m ON m.plan_id = p.id AND m.number = l.number + 1
  JOIN commissioning_allocation one ON one.line_id = l.id AND one.stream_id = 'pooled-treatment'
  JOIN commissioning_allocation two ON two.line_id = m.id AND two.stream_id = 'pooled-treatment'
 WHERE p.state = 'MONITORED' AND p.kind = 'OWN';
INSERT INTO commissioning_auditevent (at, system, action, subject_type, subject_key,
                                      organisation_id, details)
SELECT now(), 'benchmark', 'plan.line_changed', 'commissioning.plan', p.id::text, p.partnership_id,
       '{}'
  FROM commissioning_plan p, generate_series(1, 30)
"""

# A report of another partnership keeps what the home partnership's of the same quarter says, and
# a plan of another region what the home partnership's of the same year says.
SIGNED: Final[LiteralString] = """
UPDATE commissioning_quarterreport r
   SET state = 'SIGNED', signed_at = now(), signed_by_id = %(lead)s, as_signed = held.as_signed
  FROM commissioning_plan p, signed held
 WHERE p.id = r.plan_id AND held.year = p.year AND held.quarter = r.quarter
   AND p.state IN ('CLOSED', 'MONITORED')
   AND (p.state = 'CLOSED' OR r.quarter + (p.id %% 7 = 0)::int <= 3)
   AND (p.partnership_id <> %(home_id)s OR p.state = 'CLOSED' OR r.quarter < 3)
"""
VERSIONS: Final[LiteralString] = """
INSERT INTO commissioning_planversion (plan_id, number, reason, taken_at, taken_by_id, content)
SELECT p.id, n, CASE n WHEN 1 THEN 'SUBMITTED' WHEN 2 THEN 'AGREED' ELSE 'VARIED' END, now(),
       %(lead)s, held.content
  FROM commissioning_plan p
 CROSS JOIN LATERAL (SELECT content FROM frozen f WHERE f.plan_id = p.id OR f.is_home
                        AND f.year = p.year ORDER BY f.plan_id = p.id DESC LIMIT 1) held
 CROSS JOIN LATERAL generate_series(1, CASE p.state WHEN 'DRAFT' THEN 0 WHEN 'CLOSED' THEN 3
                                                    WHEN 'MONITORED' THEN 2 WHEN 'AGREED' THEN 2
                                                    ELSE 1 END) n
 WHERE p.kind = 'OWN'
"""

DISAGREES: Final[LiteralString] = """
SELECT count(*)
  FROM commissioning_allocation a
  LEFT JOIN (SELECT allocation_id,
                    sum(amount) FILTER (WHERE kind = ANY(%(planned)s)) AS planned,
                    sum(amount) FILTER (WHERE kind = ANY(%(committed)s)) AS committed,
                    sum(amount) FILTER (WHERE kind = ANY(%(paid)s)) AS paid
               FROM commissioning_entry GROUP BY allocation_id) e ON e.allocation_id = a.id
 WHERE (a.planned, a.committed, a.paid)
       IS DISTINCT FROM (coalesce(e.planned, 0), coalesce(e.committed, 0), coalesce(e.paid, 0))
"""
PLANS_DISAGREE: Final[LiteralString] = """
SELECT count(*)
  FROM (SELECT plan_id, stream_id, sum(amount) AS amount, sum(planned) AS planned,
               sum(committed) AS committed, sum(paid) AS paid
          FROM commissioning_allocation GROUP BY plan_id, stream_id) a
  FULL JOIN (SELECT plan_id, stream_id, sum(amount) AS amount, sum(planned) AS planned,
                    sum(committed) AS committed, sum(paid) AS paid
               FROM commissioning_plansum GROUP BY plan_id, stream_id) s
       USING (plan_id, stream_id)
 WHERE (coalesce(a.amount, 0), coalesce(a.planned, 0), coalesce(a.committed, 0),
        coalesce(a.paid, 0))
       IS DISTINCT FROM (coalesce(s.amount, 0), coalesce(s.planned, 0), coalesce(s.committed, 0),
                         coalesce(s.paid, 0))
"""
