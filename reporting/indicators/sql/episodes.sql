-- Episodes with a started structured intervention: in the period of its first start, and again in
-- the period of discharge.
SELECT spell.episode, spell.first_started AS dated_on, 3 AS upto, spell.first_kind AS kind,
       true AS is_start,
       spell.care_planned_on IS NOT NULL
         AND spell.care_planned_on <= spell.first_started + %(care_plan_allowance_days)s
         AS is_planned_for,
       spell.referral_source AS source, '' AS reason, false AS lasted
  FROM spell
 WHERE spell.first_started IS NOT NULL
UNION ALL
SELECT spell.episode, spell.discharged_on, 3, spell.first_kind, false, false, '',
       spell.discharge_reason, spell.discharged_on - spell.triaged_on >= %(retention_days)s
  FROM spell
 WHERE spell.first_started IS NOT NULL AND spell.discharged_on IS NOT NULL
