-- A cancelled set-up wants back what it made: the wish is desired state, the carrying out is the
-- entity's. Null: it shall stay.
ALTER TABLE server ADD COLUMN retire_wanted_at timestamptz;
ALTER TABLE domain ADD COLUMN retire_wanted_at timestamptz;
ALTER TABLE certificate ADD COLUMN retire_wanted_at timestamptz;
