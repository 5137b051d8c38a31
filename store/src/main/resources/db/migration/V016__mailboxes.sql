-- Mailboxes in number: ordered in bulk, their passwords shown once, removed with a time of grace.
ALTER TABLE mailbox DROP CONSTRAINT mailbox_state_check;
ALTER TABLE mailbox ADD CONSTRAINT mailbox_state_check
  CHECK (state IN ('WANTED', 'READY', 'REMOVING', 'LEAVING', 'RETIRED'));

-- One command about mailboxes, as the API took it: the same key gets the same answer. What the
-- server's workflow was not told of yet is found by the sweep.
CREATE TABLE mailbox_command (
  id              uuid PRIMARY KEY,
  tenant_id       uuid NOT NULL REFERENCES tenant,
  idempotency_key text NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 255),
  request_hash    text NOT NULL, -- same key with another hash is a conflict
  server_id       uuid NOT NULL,
  setup_id        uuid NOT NULL, -- on whose page the server's work appears
  version         bigint NOT NULL CHECK (version >= 1), -- of the server, from which on it holds
  created_at      timestamptz NOT NULL DEFAULT now(),
  told_at         timestamptz,   -- null until the server's workflow has the signal
  UNIQUE (tenant_id, id),
  UNIQUE (tenant_id, idempotency_key),
  FOREIGN KEY (tenant_id, server_id) REFERENCES server (tenant_id, id),
  FOREIGN KEY (tenant_id, setup_id) REFERENCES setup (tenant_id, id)
);
CREATE INDEX mailbox_command_untold_idx ON mailbox_command (created_at) WHERE told_at IS NULL;
CALL protect_tenant_table('mailbox_command', 'SELECT, INSERT, UPDATE (told_at)', 'tenant_id');
GRANT SELECT ON mailbox_command TO penguin_staff;
GRANT SELECT (id, tenant_id, created_at, told_at) ON mailbox_command TO penguin_sweep;
CREATE POLICY sweep ON mailbox_command FOR SELECT TO penguin_sweep USING (true);

ALTER TABLE mailbox
  ADD COLUMN display_name text NOT NULL DEFAULT '' CHECK (length(display_name) <= 100),
  ADD COLUMN command_id uuid,          -- the bulk order it came with; null: its domain's set-up
  ADD COLUMN wanted_version bigint,    -- the server's version from which on it is as this row says;
                                       -- null: its domain's set-up has made no login yet
  ADD COLUMN replaced_login_ref text,  -- destroyed when the host has the login in its place
  ADD COLUMN revealed_at timestamptz,  -- the password was shown; never again
  ADD COLUMN remove_after timestamptz, -- until then a removal can be taken back
  ADD CONSTRAINT mailbox_removal_check CHECK (state <> 'REMOVING' OR remove_after IS NOT NULL),
  ADD CONSTRAINT mailbox_command_fk
    FOREIGN KEY (tenant_id, command_id) REFERENCES mailbox_command (tenant_id, id);
CREATE INDEX mailbox_command_id_idx ON mailbox (command_id) WHERE command_id IS NOT NULL;

-- A certificate of a server that more domains come to is issued again, with their names. How many
-- one may carry is the authority's to say: the API is told.
ALTER TABLE certificate DROP CONSTRAINT certificate_names_check;
ALTER TABLE certificate ADD CONSTRAINT certificate_names_check
  CHECK (cardinality(names) BETWEEN 1 AND 500);
ALTER TABLE certificate
  ADD COLUMN desired_version bigint NOT NULL DEFAULT 1 CHECK (desired_version >= 1), -- of its names
  ADD COLUMN ordered_names text[], -- of the running order; null: all that were wanted
  ADD COLUMN issued_names text[];  -- of the leaf; null: all that were wanted
