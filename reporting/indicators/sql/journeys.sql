-- Journeys, in the period of their earliest triage. A journey's cut-off is that of the agency of
-- its last episode, whose next return may end it.
SELECT journey.first_episode_id AS episode,
       journey.started_on AS dated_on,
       3 AS upto,
       first_modality.kind,
       GREATEST(journey.started_on, CASE
           WHEN journey.started_on + %(retention_days)s <= last.known_until
           THEN journey.started_on + %(retention_days)s END) AS known_on,
       COALESCE(journey.started_on + %(retention_days)s <= last.known_until, false) AS is_known,
       journey.ended_on IS NULL
         OR journey.ended_on - journey.started_on >= %(retention_days)s AS lasted,
       CASE WHEN date_part('year', journey.ended_on - INTERVAL '3 months')
                 BETWEEN %(planned_rules_2009_years_first)s AND %(planned_rules_2009_years_last)s
            THEN journey.discharge_reason = ANY(%(planned_exit_codes_2009)s)
            ELSE journey.discharge_reason = ANY(%(planned_exit_codes_2006)s) END AS planned
  FROM spell
  JOIN pathways_journey journey ON journey.id = spell.episode
  JOIN pathways_modality first_modality ON first_modality.id = journey.first_modality_id
  JOIN pathways_episode last_episode ON last_episode.id = journey.last_episode_id
  LEFT JOIN cut_off last ON last.agency_id = last_episode.agency_id
UNION ALL
-- Structured treatment that no journey is made of, to be counted as left out.
SELECT spell.episode, spell.triaged_on, 3, spell.first_kind, spell.triaged_on, false, false, false
  FROM spell
 WHERE spell.excluded <> '' AND spell.first_started IS NOT NULL
