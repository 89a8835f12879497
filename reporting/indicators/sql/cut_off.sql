-- How far each agency's data reaches: the latest cut-off of its loaded returns; and how far it
-- reached when the figures were last measured.
SELECT agency_id,
       max(cut_off) AS known_until,
       max(cut_off) FILTER (WHERE loaded_at <= %(since)s) AS known_before
  FROM pathways_return
 WHERE state = 'LOADED'
 GROUP BY agency_id
