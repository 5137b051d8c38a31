-- One command to a set-up that can be taken back and given again, as the API took it: a repeat with
-- the same key does nothing more, whatever has happened since.
CREATE TABLE setup_command (
  tenant_id       uuid NOT NULL REFERENCES tenant,
  idempotency_key text NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 255),
  setup_id        uuid NOT NULL,
  command         text NOT NULL CHECK (command IN ('CANCEL', 'RETIRE', 'RESUME')), -- same key with another one is a conflict
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, idempotency_key),
  FOREIGN KEY (tenant_id, setup_id) REFERENCES setup (tenant_id, id)
);
CALL protect_tenant_table('setup_command', 'SELECT, INSERT', 'tenant_id');
GRANT SELECT ON setup_command TO penguin_staff;
