-- Every current episode, with what figures ask of it. `scope` holds the areas that are measured;
-- without one, everything is.
WITH course AS (
    -- First structured start and its intervention (the lowest code on equal days); any Tier 4.
    SELECT modality.episode_id,
           min(modality.started_on) AS first_started,
           (min((modality.started_on - DATE '1900-01-01') * 100 + modality.kind) %% 100)::smallint
             AS first_kind,
           bool_or(modality.kind = ANY(%(tier4_modals)s)) AS has_tier4
      FROM pathways_modality modality
     WHERE modality.started_on IS NOT NULL
       AND modality.kind = ANY(%(structured_modals)s)
       {in_scope_modalities}
     GROUP BY modality.episode_id
)
SELECT episode.id AS episode,
       episode.person,
       COALESCE(episode.partnership_id,
                CASE episode.residence WHEN 'MISSING' THEN -1 WHEN 'UNKNOWN' THEN -2 ELSE -3 END
               ) AS area,
       agency.provider_id AS provider,
       CASE WHEN agency.is_prison THEN 'prison'
            WHEN episode.age_at_triage < %(adult_age)s THEN 'young'
            WHEN episode.main_drug = ANY(%(alcohol_main_drug_codes)s) THEN 'alcohol'
            ELSE '' END AS excluded,
       cut_off.known_until,
       COALESCE(cut_off.known_before, DATE '-infinity') AS known_before,
       episode.triaged_on, episode.discharged_on, episode.discharge_reason,
       episode.care_planned_on, episode.referral_source,
       course.first_started, course.first_kind, COALESCE(course.has_tier4, false) AS has_tier4,
       episode.referral_source <> ALL(%(criminal_justice_referral_codes)s) AS voluntary,
       episode.pregnant = ANY(%(pregnant_codes)s) AS pregnant,
       episode.referral_source = ANY(%(criminal_justice_referral_codes)s) AS criminal_justice,
       episode.main_drug = ANY(%(stimulant_drug_codes)s) AS stimulant,
       {breakdowns}
  FROM (SELECT *, age_at_triage AS age, referral_source AS referral, main_drug AS drug
          FROM pathways_episode) episode
  JOIN providers_agency agency ON agency.id = episode.agency_id
  LEFT JOIN cut_off ON cut_off.agency_id = episode.agency_id
  LEFT JOIN course ON course.episode_id = episode.id
 WHERE episode.is_current
   {in_scope}
