-- Where a fact is shown: `subject.sql`.
-- What was said, decided and collected is appended, never rewritten.
REVOKE UPDATE, DELETE ON grid_fact, grid_fieldchange, grid_formstep, grid_collected FROM wangge_app;
