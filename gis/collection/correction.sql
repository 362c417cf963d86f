-- Where a correction is shown: `subject.sql`.
-- What was said stays as it was said; a request writes the decision beside it and nothing else.
REVOKE UPDATE, DELETE ON grid_correction FROM wangge_app;
GRANT UPDATE (state, decided_by_id, decided_at, reason, held_id) ON grid_correction TO wangge_app;
