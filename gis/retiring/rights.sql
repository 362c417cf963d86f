-- Requests neither hold nor retire anything: only what runs with the owner's rights does. Who is held they do not see.
REVOKE INSERT, UPDATE, DELETE ON grid_hold, grid_retired, grid_gone, grid_paststays FROM wangge_app;
ALTER TABLE grid_hold ENABLE ROW LEVEL SECURITY;
ALTER TABLE grid_retired ENABLE ROW LEVEL SECURITY;
