-- Who sees what. Three kinds of reader: the pool under one tenant, the sweep that finds work, staff
-- with a limited grant. The roles themselves are made before this runs, with their passwords.

-- The tenant of the running transaction; null when none is set, and null is equal to nothing.
CREATE FUNCTION current_tenant() RETURNS uuid
  LANGUAGE sql STABLE SET search_path = pg_catalog
  AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::uuid $$;

-- One running product. Exactly one row.
CREATE TABLE installation (
  id         text PRIMARY KEY CHECK (id ~ '^[a-z0-9]{6}$'),
  kind       text NOT NULL CHECK (kind IN ('live', 'test')),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX installation_single_idx ON installation ((true));
GRANT SELECT, INSERT ON installation TO penguin_app;
GRANT SELECT ON installation TO penguin_sweep, penguin_staff;

-- Owns everything.
CREATE TABLE tenant (
  id         uuid PRIMARY KEY, -- UUIDv7, made by whoever inserts the row
  name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  created_at timestamptz NOT NULL DEFAULT now()
);

-- While a row is not expired, staff may read this tenant's rows. Made by open_staff_access only.
CREATE TABLE staff_access (
  id         uuid PRIMARY KEY,
  tenant_id  uuid NOT NULL REFERENCES tenant,
  person     text NOT NULL CHECK (length(person) BETWEEN 1 AND 200),
  reason     text NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
  opened_at  timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL CHECK (expires_at > opened_at)
);
CREATE INDEX staff_access_tenant_id_idx ON staff_access (tenant_id, expires_at);

-- True while staff hold an unexpired grant for the tenant.
CREATE FUNCTION staff_may_read(tenant uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT EXISTS (
      SELECT FROM staff_access a WHERE a.tenant_id = tenant AND a.expires_at > now())
  $$;
REVOKE ALL ON FUNCTION staff_may_read(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION staff_may_read(uuid) TO penguin_staff;

-- Puts a table under row-level security: the pool sees and writes its tenant's rows, the owner all
-- (data migrations), staff read under a grant. `tenant_column` names the column that holds the
-- tenant; `app_grants` what the pool may do.
CREATE PROCEDURE protect_tenant_table(tenant_table regclass, app_grants text, tenant_column text)
  LANGUAGE plpgsql SET search_path = public, pg_temp
  AS $$
  BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY tenant ON %s TO penguin_app'
      ' USING (%I = current_tenant()) WITH CHECK (%I = current_tenant())',
      tenant_table, tenant_column, tenant_column);
    EXECUTE format(
      'CREATE POLICY owner ON %s TO penguin_owner USING (true) WITH CHECK (true)', tenant_table);
    EXECUTE format(
      'CREATE POLICY staff ON %s FOR SELECT TO penguin_staff USING (staff_may_read(%I))',
      tenant_table, tenant_column);
    EXECUTE format('GRANT %s ON %s TO penguin_app', app_grants, tenant_table);
  END
  $$;
REVOKE ALL ON PROCEDURE protect_tenant_table(regclass, text, text) FROM PUBLIC;

CALL protect_tenant_table('tenant', 'SELECT, INSERT, UPDATE (name)', 'id');
GRANT SELECT ON tenant TO penguin_staff;
CALL protect_tenant_table('staff_access', 'SELECT', 'tenant_id');
GRANT SELECT ON staff_access TO penguin_staff;

-- Who changed what, written in the transaction that changes it. Append-only.
CREATE TABLE audit_event (
  id          uuid PRIMARY KEY,
  tenant_id   uuid NOT NULL REFERENCES tenant,
  actor       text NOT NULL, -- a member, an API key's prefix, 'orchestrator' or 'staff:<person>'
  action      text NOT NULL,
  entity_kind text NOT NULL,
  entity_id   uuid NOT NULL,
  detail      jsonb NOT NULL DEFAULT '{}', -- references and plain values; never a secret
  at          timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX audit_event_entity_id_idx ON audit_event (tenant_id, entity_id, at);
CALL protect_tenant_table('audit_event', 'SELECT, INSERT', 'tenant_id');
GRANT SELECT ON audit_event TO penguin_staff;

-- Opens one tenant's rows to staff for at most eight hours and writes it into the audit.
CREATE FUNCTION open_staff_access(tenant uuid, person text, reason text, minutes integer)
  RETURNS timestamptz
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
  DECLARE
    until timestamptz;
  BEGIN
    IF minutes NOT BETWEEN 1 AND 480 THEN
      RAISE EXCEPTION 'staff access of % minutes: 1 to 480 are allowed', minutes;
    END IF;
    INSERT INTO staff_access (id, tenant_id, person, reason, expires_at)
      VALUES (uuidv7(), tenant, person, reason, now() + make_interval(mins => minutes))
      RETURNING expires_at INTO until;
    INSERT INTO audit_event (id, tenant_id, actor, action, entity_kind, entity_id, detail)
      VALUES (uuidv7(), tenant, 'staff:' || person, 'staff.access', 'tenant', tenant,
              jsonb_build_object('reason', reason, 'until', until));
    RETURN until;
  END
  $$;
REVOKE ALL ON FUNCTION open_staff_access(uuid, text, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_staff_access(uuid, text, text, integer) TO penguin_staff;

-- Groups domains and campaigns of one tenant.
CREATE TABLE workspace (
  id         uuid PRIMARY KEY,
  tenant_id  uuid NOT NULL REFERENCES tenant,
  name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, id), -- target of foreign keys that cannot leave the tenant
  UNIQUE (tenant_id, name)
);
CALL protect_tenant_table('workspace', 'SELECT, INSERT, UPDATE (name)', 'tenant_id');
GRANT SELECT ON workspace TO penguin_staff;

-- A key of the API. The key itself is shown once and never kept: it has 256 random bits, so that a
-- plain SHA-256 is enough.
CREATE TABLE api_key (
  id         uuid PRIMARY KEY,
  tenant_id  uuid NOT NULL REFERENCES tenant,
  name       text NOT NULL,
  prefix     text NOT NULL, -- the first characters, for people to tell keys apart
  hash       bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz -- null while the key works
);
CREATE INDEX api_key_tenant_id_idx ON api_key (tenant_id);
CALL protect_tenant_table('api_key', 'SELECT, INSERT, UPDATE (revoked_at)', 'tenant_id');
GRANT SELECT (id, tenant_id, name, prefix, created_at, revoked_at) ON api_key TO penguin_staff;

-- Whose key this is, before a tenant is known. One row or none.
CREATE FUNCTION tenant_of_api_key(key_hash bytea)
  RETURNS TABLE (tenant_id uuid, api_key_id uuid, prefix text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT k.tenant_id, k.id, k.prefix
    FROM api_key k
    WHERE k.hash = key_hash AND k.revoked_at IS NULL
  $$;
REVOKE ALL ON FUNCTION tenant_of_api_key(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenant_of_api_key(bytea) TO penguin_app;
