-- A merge corrects of whom something was said, never what, when or by whom: the one column a request may write there.
GRANT UPDATE (resident_id) ON grid_fact, grid_correction, grid_visit TO wangge_app;
REVOKE DELETE ON grid_merge FROM wangge_app;
