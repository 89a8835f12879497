-- Structured interventions that were waited for on the last day of a month, or on the last day
-- known of it. An appointment after that day counts as offered only where the data ends with the
-- day: later appointments had not been given as far as can be told.
WITH asked_for AS (
    SELECT modality.id, modality.episode_id, spell.person, modality.kind,
           modality.referred_on, modality.first_offered_on, spell.known_until,
           LEAST(modality.started_on, modality.ended_on, spell.discharged_on) AS over_on
      FROM pathways_modality modality
      JOIN spell ON spell.episode = modality.episode_id
     WHERE modality.referred_on <= spell.known_until
       AND modality.kind = ANY(%(structured_modals)s)
       -- Most have begun before the first day on which anybody looks.
       AND COALESCE(LEAST(modality.started_on, modality.ended_on, spell.discharged_on)
                    > LEAST((date_trunc('month', modality.referred_on)
                             + INTERVAL '1 month')::date - 1, spell.known_until), true)
), on_day AS (
    SELECT asked_for.*, number AS month, LEAST(
             (make_date(number / 12, number %% 12 + 1, 1) + INTERVAL '1 month')::date - 1,
             known_until) AS day
      FROM asked_for,
           generate_series(
             (date_part('year', referred_on) * 12 + date_part('month', referred_on) - 1)::int,
             (date_part('year', LEAST(over_on, known_until)) * 12
              + date_part('month', LEAST(over_on, known_until)) - 1)::int) AS number
     WHERE over_on IS NULL OR over_on > referred_on
), waiting AS (
    SELECT *, first_offered_on IS NOT NULL
              AND (first_offered_on <= day OR day = known_until) AS offered
      FROM on_day
     WHERE over_on IS NULL OR over_on > day
), treated AS (
    -- The person's structured treatment that was running, or over for no longer than episodes
    -- take to join, when this intervention was asked for: from the first day it is known.
    SELECT waiting.id, min(other.started_on) AS from_on
      FROM (SELECT id, person, referred_on FROM asked_for
             WHERE id IN (SELECT id FROM waiting WHERE NOT offered)) waiting
      JOIN pathways_episode episode ON episode.person = waiting.person AND episode.is_current
      JOIN providers_agency agency ON agency.id = episode.agency_id AND NOT agency.is_prison
      JOIN pathways_modality other ON other.episode_id = episode.id
     WHERE other.started_on IS NOT NULL
       AND other.kind = ANY(%(structured_modals)s)
       AND episode.age_at_triage >= %(adult_age)s
       AND NOT episode.main_drug = ANY(%(alcohol_main_drug_codes)s)
       AND COALESCE(other.ended_on, episode.discharged_on, DATE 'infinity')
           >= waiting.referred_on - %(journey_join_days)s
     GROUP BY waiting.id
)
SELECT waiting.episode_id AS episode,
       waiting.day AS dated_on,
       -- The close of the quarter or year is its last month, or the last one known.
       CASE WHEN month %% 12 = 2 OR waiting.day = known_until THEN 3
            WHEN month %% 3 = 2 THEN 2 ELSE 1 END AS upto,
       waiting.kind,
       waiting.offered,
       treated.from_on IS NULL OR treated.from_on > waiting.day AS is_first,
       waiting.day - waiting.referred_on AS days
  FROM waiting
  LEFT JOIN treated ON treated.id = waiting.id
