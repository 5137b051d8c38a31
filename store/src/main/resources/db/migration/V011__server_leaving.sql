-- Retiring ends with our own login: once its going is ordered, a login that is refused means it is gone.
-- Before that it means that somebody took our key away, and that what we put there is still there.
ALTER TABLE server DROP CONSTRAINT server_state_check;
ALTER TABLE server ADD CONSTRAINT server_state_check
  CHECK (state IN ('NEW', 'BOOTSTRAPPED', 'READY', 'LEAVING', 'RETIRED'));
