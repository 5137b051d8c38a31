-- A domain may go to another server and, when that set-up is cancelled, come back: its desired state
-- has a version of its own.
ALTER TABLE domain
  ADD COLUMN desired_version bigint NOT NULL DEFAULT 1 CHECK (desired_version >= 1);
UPDATE domain SET desired_version = 2 WHERE retire_wanted_at IS NOT NULL;
ALTER TABLE setup ADD COLUMN moved_at timestamptz; -- when the domain left an earlier server for this
                                                   -- set-up's; null: it did not
