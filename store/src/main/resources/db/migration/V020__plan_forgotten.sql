-- A used plan stays for good; what it was told in confidence does not.
ALTER TABLE plan ADD COLUMN forgotten_at timestamptz; -- when its secrets were destroyed; null while any may be kept
CREATE INDEX plan_created_at_used_idx ON plan (created_at) WHERE state = 'USED' AND forgotten_at IS NULL;
GRANT SELECT (forgotten_at) ON plan TO penguin_sweep;
