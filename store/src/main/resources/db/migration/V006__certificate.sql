-- One certificate of a server, over all its renewals.
CREATE TABLE certificate (
  id                    uuid PRIMARY KEY,
  tenant_id             uuid NOT NULL REFERENCES tenant,
  server_id             uuid NOT NULL,
  names                 text[] NOT NULL CHECK (cardinality(names) BETWEEN 1 AND 100),
  order_url             text,          -- the running ACME order; null when none runs
  account_ref           text,          -- ACME account key; null until made
  key_ref               text,          -- private key of the running order; null until made
  secret_ref            text,          -- chain and key as issued; null until the first issue
  not_before            timestamptz,
  not_after             timestamptz,
  renew_after           timestamptz,
  issued_fingerprint    text,          -- SHA-256 of the issued leaf
  installed_fingerprint text,          -- SHA-256 of the leaf a handshake proved
  issues                integer NOT NULL DEFAULT 0 CHECK (issues >= 0), -- counts up; part of keys and paths
  state                 text NOT NULL DEFAULT 'WANTED'
                        CHECK (state IN ('WANTED', 'ORDERED', 'ISSUED', 'INSTALLED', 'RETIRED')),
  created_at            timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, server_id) REFERENCES server (tenant_id, id)
);
CREATE UNIQUE INDEX certificate_server_id_idx ON certificate (server_id) WHERE state <> 'RETIRED';
CALL protect_tenant_table('certificate', 'SELECT, INSERT, UPDATE', 'tenant_id');
GRANT SELECT ON certificate TO penguin_staff;
