-- One version of a secret, encrypted before it comes here. Used by the embedded secret store only.
CREATE TABLE secret (
  tenant_id    uuid NOT NULL REFERENCES tenant,
  path         text NOT NULL CHECK (length(path) BETWEEN 3 AND 500),
  version      integer NOT NULL CHECK (version >= 1),
  key_id       text NOT NULL, -- which master key encrypted it
  ciphertext   bytea,         -- null once destroyed
  created_at   timestamptz NOT NULL DEFAULT now(),
  destroyed_at timestamptz,   -- null while it can be read
  PRIMARY KEY (tenant_id, path, version),
  CHECK ((ciphertext IS NULL) = (destroyed_at IS NOT NULL))
);
-- Re-encryption under a new master key is an update of key_id and ciphertext.
CALL protect_tenant_table(
  'secret', 'SELECT, INSERT, UPDATE (key_id, ciphertext, destroyed_at)', 'tenant_id');
