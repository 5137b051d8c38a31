-- One tenant's run through the wizard.
CREATE TABLE setup (
  id                  uuid PRIMARY KEY,
  tenant_id           uuid NOT NULL REFERENCES tenant,
  workspace_id        uuid NOT NULL,
  idempotency_key     text NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 255),
  request_hash        text NOT NULL, -- same key with another hash is a conflict
  domain_name         text NOT NULL,
  domain_id           uuid NOT NULL,
  server_id           uuid NOT NULL,
  certificate_id      uuid NOT NULL,
  state               text NOT NULL DEFAULT 'REQUESTED'
                      CHECK (state IN ('REQUESTED', 'RUNNING', 'CANCELLING', 'DONE', 'CANCELLED', 'FAILED')),
  stage               text NOT NULL DEFAULT 'requested',
  progress_sequence   bigint NOT NULL DEFAULT 0, -- number of the last change of progress
  retries             integer NOT NULL DEFAULT 0,
  created_at          timestamptz NOT NULL DEFAULT now(),
  started_at          timestamptz, -- null until a run took it up
  cancel_requested_at timestamptz,
  finished_at         timestamptz, -- null while open
  UNIQUE (tenant_id, id),
  UNIQUE (tenant_id, idempotency_key),
  FOREIGN KEY (tenant_id, workspace_id) REFERENCES workspace (tenant_id, id),
  FOREIGN KEY (tenant_id, domain_id) REFERENCES domain (tenant_id, id),
  FOREIGN KEY (tenant_id, server_id) REFERENCES server (tenant_id, id),
  FOREIGN KEY (tenant_id, certificate_id) REFERENCES certificate (tenant_id, id),
  CHECK ((finished_at IS NOT NULL) = (state IN ('DONE', 'CANCELLED', 'FAILED')))
);
CREATE UNIQUE INDEX setup_open_domain_idx ON setup (tenant_id, domain_name) WHERE finished_at IS NULL;
CREATE INDEX setup_requested_idx ON setup (created_at) WHERE finished_at IS NULL;
CREATE INDEX setup_server_id_idx ON setup (server_id);
CALL protect_tenant_table('setup', 'SELECT, INSERT, UPDATE', 'tenant_id');
GRANT SELECT ON setup TO penguin_staff;
GRANT SELECT (id, tenant_id, state, created_at, started_at, finished_at) ON setup TO penguin_sweep;
CREATE POLICY sweep ON setup FOR SELECT TO penguin_sweep USING (true);

-- How far each step of a set-up is, in the tenant's words. Written by the activity that learned it.
CREATE TABLE progress (
  tenant_id    uuid NOT NULL REFERENCES tenant,
  setup_id     uuid NOT NULL,
  entity_kind  text NOT NULL,
  entity_id    uuid NOT NULL,
  step         text NOT NULL CHECK (step ~ '^[a-z0-9][a-z0-9./-]{0,99}$'),
  title        text NOT NULL,
  state        text NOT NULL CHECK (state IN ('WAITING', 'RUNNING', 'DONE', 'FAILED', 'SKIPPED')),
  since        timestamptz NOT NULL DEFAULT now(), -- when this state began
  started_at   timestamptz, -- when it first ran
  attempts     integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  waiting_for  text NOT NULL DEFAULT '', -- empty: for nothing
  who_can_help text NOT NULL DEFAULT '' CHECK (who_can_help IN ('', 'TENANT', 'STAFF', 'TIME')),
  evidence     text NOT NULL DEFAULT '',
  percent      integer CHECK (percent BETWEEN 0 AND 100), -- null: cannot be measured
  created      bigint NOT NULL, -- the sequence at which it was first noted: the order of the steps
  sequence     bigint NOT NULL, -- grows within a set-up in the order of commits
  PRIMARY KEY (setup_id, step),
  FOREIGN KEY (tenant_id, setup_id) REFERENCES setup (tenant_id, id)
);
CREATE UNIQUE INDEX progress_setup_id_sequence_idx ON progress (setup_id, sequence);
CALL protect_tenant_table('progress', 'SELECT, INSERT, UPDATE', 'tenant_id');
GRANT SELECT ON progress TO penguin_staff;

-- Tells pages to look again. Carries the set-up's id only: channels know no row-level security.
CREATE FUNCTION notify_progress() RETURNS trigger
  LANGUAGE plpgsql SET search_path = public, pg_temp
  AS $$
  BEGIN
    PERFORM pg_notify('penguin_progress', NEW.setup_id::text);
    RETURN NULL;
  END
  $$;
CREATE TRIGGER progress_notify AFTER INSERT OR UPDATE ON progress
  FOR EACH ROW EXECUTE FUNCTION notify_progress();

CREATE FUNCTION notify_setup() RETURNS trigger
  LANGUAGE plpgsql SET search_path = public, pg_temp
  AS $$
  BEGIN
    PERFORM pg_notify('penguin_progress', NEW.id::text);
    RETURN NULL;
  END
  $$;
CREATE TRIGGER setup_notify AFTER UPDATE OF state, stage ON setup
  FOR EACH ROW EXECUTE FUNCTION notify_setup();
