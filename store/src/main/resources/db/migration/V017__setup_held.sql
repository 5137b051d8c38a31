-- A cancel can be taken back for a while: until then the set-up is HELD, and nothing is done for it.
ALTER TABLE setup DROP CONSTRAINT setup_state_check;
ALTER TABLE setup ADD CONSTRAINT setup_state_check
  CHECK (state IN ('REQUESTED', 'RUNNING', 'HELD', 'CANCELLING', 'DONE', 'CANCELLED', 'FAILED'));
ALTER TABLE setup
  ADD COLUMN resumable_until timestamptz, -- null unless HELD
  ADD COLUMN holds integer NOT NULL DEFAULT 0, -- how often it was held: names its line of progress
  ADD CONSTRAINT setup_held_check CHECK ((state = 'HELD') = (resumable_until IS NOT NULL));
CREATE INDEX setup_resumable_until_idx ON setup (resumable_until) WHERE resumable_until IS NOT NULL;
GRANT SELECT (resumable_until) ON setup TO penguin_sweep;
