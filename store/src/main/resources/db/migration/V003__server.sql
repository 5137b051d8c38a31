-- One VPS. Desired and applied versions are compared by the server's workflow: when desired is
-- ahead, there is something to converge.
CREATE TABLE server (
  id                   uuid PRIMARY KEY,
  tenant_id            uuid NOT NULL REFERENCES tenant,
  provider             text NOT NULL CHECK (provider ~ '^[a-z0-9-]{2,32}$'), -- 'existing': the tenant's own
  stack                text NOT NULL DEFAULT 'DEBIAN',
  address              inet NOT NULL,
  ssh_port             integer NOT NULL DEFAULT 22 CHECK (ssh_port BETWEEN 1 AND 65535),
  hostname             text NOT NULL, -- HELO, banner, PTR, MX target and certificate name
  first_user           text NOT NULL DEFAULT 'root', -- the account of the first contact
  first_login_ref      text,          -- the tenant's one-time password or key; null once destroyed
  seen_fingerprint     text,          -- host key seen and pinned at the first contact
  host_key_ref         text,          -- the host key we made; null until made
  host_key_fingerprint text,          -- what every later contact must show; null until ours is installed
  login_ref            text,          -- our own SSH login; null until made
  login_proved_at      timestamptz,   -- our login worked in a session of its own
  passwords_off_at     timestamptz,   -- the one-time login no longer works
  desired_version      bigint NOT NULL DEFAULT 1 CHECK (desired_version >= 1),
  applied_version      bigint NOT NULL DEFAULT 0 CHECK (applied_version >= 0),
  applied_at           timestamptz,
  state                text NOT NULL DEFAULT 'NEW'
                       CHECK (state IN ('NEW', 'BOOTSTRAPPED', 'READY', 'RETIRED')),
  created_at           timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, id),
  CHECK (applied_version <= desired_version)
);
CREATE UNIQUE INDEX server_address_idx ON server (tenant_id, address) WHERE state <> 'RETIRED';
CALL protect_tenant_table('server', 'SELECT, INSERT, UPDATE', 'tenant_id');
GRANT SELECT ON server TO penguin_staff;
GRANT SELECT (id, tenant_id, state, desired_version, applied_version, created_at)
  ON server TO penguin_sweep;
CREATE POLICY sweep ON server FOR SELECT TO penguin_sweep USING (true);
