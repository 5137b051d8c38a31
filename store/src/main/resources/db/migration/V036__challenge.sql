-- Challenge records of certificates that may be in a zone of the tenant's: written before the first is shown, so that
-- whoever takes them away knows them, also when the run that showed them is lost.

CREATE TABLE challenge (
  tenant_id      uuid NOT NULL REFERENCES tenant,
  certificate_id uuid NOT NULL,
  setup_id       uuid NOT NULL, -- whose domain has them where no domain of the server does
  name           text NOT NULL,
  value          text NOT NULL,
  ended_at       timestamptz, -- from then on it must not be shown
  hidden_at      timestamptz, -- it is in no zone any more
  PRIMARY KEY (certificate_id, name, value),
  FOREIGN KEY (tenant_id, certificate_id) REFERENCES certificate (tenant_id, id),
  FOREIGN KEY (tenant_id, setup_id) REFERENCES setup (tenant_id, id),
  CHECK (hidden_at IS NULL OR ended_at IS NOT NULL)
);
CALL protect_tenant_table('challenge', 'SELECT, INSERT, UPDATE (setup_id, ended_at, hidden_at)', 'tenant_id');
GRANT SELECT ON challenge TO penguin_staff;
CREATE INDEX challenge_left_idx ON challenge (certificate_id) WHERE hidden_at IS NULL;
