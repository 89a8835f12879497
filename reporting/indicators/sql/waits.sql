-- Started structured interventions: the wait runs from the referral for the intervention to the
-- first appointment offered, whether or not it was kept.
SELECT modality.episode_id AS episode,
       modality.started_on AS dated_on,
       3 AS upto,
       modality.kind,
       journey.id IS NOT NULL AS is_first,
       modality.first_offered_on - modality.referred_on AS days
  FROM pathways_modality modality
  LEFT JOIN pathways_journey journey ON journey.first_modality_id = modality.id
 WHERE modality.started_on IS NOT NULL
   AND modality.kind = ANY(%(structured_modals)s)
