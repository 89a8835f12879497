-- Journeys that ended, in the period of their end. Another episode may rejoin one for some days:
-- until the data reaches beyond them the end is provisional.
SELECT journey.first_episode_id AS episode,
       journey.ended_on AS dated_on,
       3 AS upto,
       first_modality.kind,
       journey.discharge_reason AS reason,
       COALESCE(journey.ended_on + %(exit_final_days)s > last.known_until, true) AS is_provisional
  FROM spell
  JOIN pathways_journey journey ON journey.id = spell.episode
  JOIN pathways_modality first_modality ON first_modality.id = journey.first_modality_id
  JOIN pathways_episode last_episode ON last_episode.id = journey.last_episode_id
  LEFT JOIN cut_off last ON last.agency_id = last_episode.agency_id
 WHERE journey.ended_on IS NOT NULL
UNION ALL
SELECT spell.episode, spell.discharged_on, 3, spell.first_kind, spell.discharge_reason, false
  FROM spell
 WHERE spell.excluded <> '' AND spell.first_started IS NOT NULL
   AND spell.discharged_on IS NOT NULL
