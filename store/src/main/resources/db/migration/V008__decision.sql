-- What was decided, from what, by which rule. Append-only: outlives the histories of Temporal.
CREATE TABLE decision (
  id          uuid PRIMARY KEY, -- derived from the content, so that a repeated write is the same row
  tenant_id   uuid NOT NULL REFERENCES tenant,
  entity_kind text NOT NULL,
  entity_id   uuid NOT NULL,
  step        text NOT NULL,
  inputs      jsonb NOT NULL, -- by reference: ids, versions, counts
  rule        text NOT NULL,
  answer      text NOT NULL,
  run_id      text NOT NULL,
  at          timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX decision_entity_id_idx ON decision (tenant_id, entity_id, at);
CALL protect_tenant_table('decision', 'SELECT, INSERT', 'tenant_id');
GRANT SELECT ON decision TO penguin_staff;

-- Something that needs attention. One open row per entity and cause.
CREATE TABLE incident (
  id           uuid PRIMARY KEY,
  tenant_id    uuid NOT NULL REFERENCES tenant,
  entity_kind  text NOT NULL,
  entity_id    uuid NOT NULL,
  setup_id     uuid,          -- null: not part of a set-up
  cause        text NOT NULL CHECK (cause ~ '^[a-z0-9][a-z0-9.-]{0,63}$'), -- key of the message catalogue
  params       jsonb NOT NULL DEFAULT '{}', -- values for the catalogue's text
  next_step    text NOT NULL, -- key of the message catalogue: what helps
  who_must_act text NOT NULL CHECK (who_must_act IN ('TENANT', 'STAFF', 'TIME')),
  opened_at    timestamptz NOT NULL DEFAULT now(),
  closed_at    timestamptz,   -- null while open
  FOREIGN KEY (tenant_id, setup_id) REFERENCES setup (tenant_id, id)
);
CREATE UNIQUE INDEX incident_open_idx ON incident (entity_id, cause) WHERE closed_at IS NULL;
CREATE INDEX incident_setup_id_idx ON incident (setup_id);
CALL protect_tenant_table(
  'incident', 'SELECT, INSERT, UPDATE (params, next_step, who_must_act, closed_at)', 'tenant_id');
GRANT SELECT ON incident TO penguin_staff;

-- A look from outside at a set-up's result; passed only when every check passed.
CREATE TABLE proof (
  id          uuid PRIMARY KEY,
  tenant_id   uuid NOT NULL REFERENCES tenant,
  setup_id    uuid NOT NULL,
  token       text NOT NULL UNIQUE, -- marks the message of this proof
  created_at  timestamptz NOT NULL DEFAULT now(),
  sent_at     timestamptz, -- null until the message was accepted by the new server
  arrived_at  timestamptz, -- null until it was found at the probe mailbox
  finished_at timestamptz, -- null while checks are missing
  passed      boolean,     -- null while not finished
  UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, setup_id) REFERENCES setup (tenant_id, id),
  CHECK ((finished_at IS NULL) = (passed IS NULL))
);
CREATE UNIQUE INDEX proof_open_idx ON proof (setup_id) WHERE finished_at IS NULL;
CALL protect_tenant_table(
  'proof', 'SELECT, INSERT, UPDATE (sent_at, arrived_at, finished_at, passed)', 'tenant_id');
GRANT SELECT ON proof TO penguin_staff;

-- One check of a proof, as last seen.
CREATE TABLE proof_check (
  tenant_id uuid NOT NULL REFERENCES tenant,
  proof_id  uuid NOT NULL,
  name      text NOT NULL,
  verdict   text NOT NULL CHECK (verdict IN ('PASSED', 'FAILED', 'UNKNOWN')),
  evidence  text NOT NULL,
  at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (proof_id, name),
  FOREIGN KEY (tenant_id, proof_id) REFERENCES proof (tenant_id, id)
);
CALL protect_tenant_table('proof_check', 'SELECT, INSERT, UPDATE (verdict, evidence, at)', 'tenant_id');
GRANT SELECT ON proof_check TO penguin_staff;
