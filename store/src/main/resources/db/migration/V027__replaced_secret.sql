-- A secret that another one has replaced: a domain's access to its zone, or a server's one-time login.
-- It is kept while a set-up may still turn out to need it, and destroyed when one of them ends.
CREATE TABLE replaced_secret (
  tenant_id    uuid NOT NULL REFERENCES tenant,
  reference    text NOT NULL,
  domain_id    uuid,        -- null for a server's login
  server_id    uuid,        -- null for the access to a zone
  replaced_at  timestamptz NOT NULL DEFAULT now(),
  destroyed_at timestamptz, -- null while the secret store has it
  PRIMARY KEY (tenant_id, reference),
  FOREIGN KEY (tenant_id, domain_id) REFERENCES domain (tenant_id, id),
  FOREIGN KEY (tenant_id, server_id) REFERENCES server (tenant_id, id),
  CHECK (num_nonnulls(domain_id, server_id) = 1)
);
CALL protect_tenant_table('replaced_secret', 'SELECT, INSERT, UPDATE', 'tenant_id');
GRANT SELECT ON replaced_secret TO penguin_staff;
