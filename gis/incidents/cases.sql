-- Steps written before acts were named: what led to each state.
UPDATE grid_step SET act = CASE
    WHEN before = '' THEN 'report'
    WHEN after = 'in_progress' AND before = 'suspended' THEN 'resume'
    ELSE (CASE after
      WHEN 'verifying' THEN 'verify' WHEN 'filed' THEN 'file' WHEN 'rejected' THEN 'reject'
      WHEN 'duplicate' THEN 'duplicate' WHEN 'dispatched' THEN 'dispatch' WHEN 'in_progress' THEN 'take'
      WHEN 'suspended' THEN 'suspend' WHEN 'disposed' THEN 'dispose' WHEN 'checking' THEN 'check'
      WHEN 'closed' THEN 'close' ELSE 'report' END) END
  WHERE act = 'move';

UPDATE grid_incident i SET urgent = c.urgent, asked = CASE WHEN state IN ('verifying', 'checking') THEN 'look' ELSE '' END
  FROM grid_category c WHERE c.id = i.category_id AND (c.urgent OR state IN ('verifying', 'checking'));

-- Whom a case went to, as far as it is known: the department that has it leads since the last dispatch.
INSERT INTO grid_assignment (incident_id, department_id, team, lead, since_id)
  SELECT i.id, i.department_id, '', true, s.id
  FROM grid_incident i JOIN LATERAL (
    SELECT id FROM grid_step WHERE incident_id = i.id AND act = 'dispatch' ORDER BY at DESC, id DESC LIMIT 1) s ON true
  WHERE i.department_id IS NOT NULL;

-- What happened stays told; an assignment only ever ends.
REVOKE DELETE ON grid_assignment FROM wangge_app;
