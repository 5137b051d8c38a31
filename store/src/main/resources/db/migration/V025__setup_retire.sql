-- A proved set-up is given up: it stays DONE, and all of it works, until that can no longer be taken
-- back; then what it made is taken back like a cancelled one's.
ALTER TABLE setup DROP CONSTRAINT setup_held_check;
ALTER TABLE setup ADD CONSTRAINT setup_held_check
  CHECK ((state <> 'HELD' OR resumable_until IS NOT NULL)
    AND (resumable_until IS NULL OR state IN ('HELD', 'DONE')));

-- When it was proved; it was once, also while what it made is taken back.
ALTER TABLE setup ADD COLUMN proved_at timestamptz;
UPDATE setup SET proved_at = finished_at WHERE state = 'DONE';
