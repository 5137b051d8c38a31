-- One sending domain of one tenant. Claims may be many, ownership is one.
CREATE TABLE domain (
  id                 uuid PRIMARY KEY,
  tenant_id          uuid NOT NULL REFERENCES tenant,
  workspace_id       uuid NOT NULL,
  server_id          uuid NOT NULL, -- the server that sends and receives for it
  name               text NOT NULL,
  zone_name          text NOT NULL, -- the zone that holds its records
  zone_provider      text NOT NULL CHECK (zone_provider ~ '^[a-z0-9-]{2,32}$'),
  zone_settings      jsonb NOT NULL DEFAULT '{}',
  zone_secret_ref    text,          -- null when the provider needs none
  mx_replace_allowed boolean NOT NULL DEFAULT false, -- the tenant's yes to replacing a foreign MX
  mta_sts_mode       text NOT NULL DEFAULT 'testing'
                     CHECK (mta_sts_mode IN ('none', 'testing', 'enforce')),
  ownership_token    text NOT NULL, -- what the TXT proof must say
  owned_at           timestamptz,   -- ownership proved; null while only claimed
  published_at       timestamptz,   -- the primary holds the record plan
  verified_at        timestamptz,   -- authoritative servers and resolvers answer with it
  state              text NOT NULL DEFAULT 'CLAIMED'
                     CHECK (state IN ('CLAIMED', 'OWNED', 'PUBLISHED', 'VERIFIED', 'WITHDRAWN')),
  created_at         timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, workspace_id) REFERENCES workspace (tenant_id, id),
  FOREIGN KEY (tenant_id, server_id) REFERENCES server (tenant_id, id)
);
CREATE UNIQUE INDEX domain_tenant_id_name_idx ON domain (tenant_id, name) WHERE state <> 'WITHDRAWN';
-- Across tenants on purpose: the second owner is refused, without learning who the first is.
CREATE UNIQUE INDEX domain_owned_name_idx ON domain (name)
  WHERE owned_at IS NOT NULL AND state <> 'WITHDRAWN';
CREATE INDEX domain_server_id_idx ON domain (server_id);
CALL protect_tenant_table('domain', 'SELECT, INSERT, UPDATE', 'tenant_id');
GRANT SELECT ON domain TO penguin_staff;

-- One DKIM key. A selector is never used twice for a domain (the row stays when the key is gone).
CREATE TABLE dkim_key (
  tenant_id    uuid NOT NULL REFERENCES tenant,
  domain_id    uuid NOT NULL,
  selector     text NOT NULL CHECK (selector ~ '^[a-z0-9-]{1,63}$'),
  secret_ref   text NOT NULL,
  public_key   text NOT NULL, -- base64 of the SubjectPublicKeyInfo, the p= tag of the record
  state        text NOT NULL DEFAULT 'MADE'
               CHECK (state IN ('MADE', 'PUBLISHED', 'SIGNING', 'RETIRING', 'RETIRED')),
  created_at   timestamptz NOT NULL DEFAULT now(),
  published_at timestamptz, -- verified in DNS
  signing_at   timestamptz, -- the host signs with it since
  retired_at   timestamptz,
  PRIMARY KEY (domain_id, selector),
  FOREIGN KEY (tenant_id, domain_id) REFERENCES domain (tenant_id, id)
);
CREATE UNIQUE INDEX dkim_key_signing_idx ON dkim_key (domain_id) WHERE state = 'SIGNING';
CALL protect_tenant_table('dkim_key', 'SELECT, INSERT, UPDATE', 'tenant_id');
GRANT SELECT ON dkim_key TO penguin_staff;

-- One wanted record of a domain, and how far it is. Cancelling withdraws exactly what is ours.
CREATE TABLE record_state (
  tenant_id   uuid NOT NULL REFERENCES tenant,
  domain_id   uuid NOT NULL,
  name        text NOT NULL,
  type        text NOT NULL,
  value       text NOT NULL,
  ttl_seconds integer NOT NULL CHECK (ttl_seconds BETWEEN 30 AND 86400),
  state       text NOT NULL DEFAULT 'WANTED'
              CHECK (state IN ('WANTED', 'PUBLISHED', 'VERIFIED', 'CONFLICT', 'WITHDRAWN')),
  ours        boolean NOT NULL DEFAULT false, -- we added it; false: it was there before us
  evidence    text NOT NULL DEFAULT '',
  since       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (domain_id, name, type, value),
  FOREIGN KEY (tenant_id, domain_id) REFERENCES domain (tenant_id, id)
);
CALL protect_tenant_table('record_state', 'SELECT, INSERT, UPDATE', 'tenant_id');
GRANT SELECT ON record_state TO penguin_staff;

-- Who may write to a zone at the moment. One row per zone for all tenants, because the zone is one.
-- The fence grows with every new holder and never falls: what carries an older one is refused.
CREATE TABLE zone_lease (
  zone_name  text PRIMARY KEY,
  holder     text NOT NULL,
  fence      bigint NOT NULL CHECK (fence >= 1),
  expires_at timestamptz NOT NULL -- in the past: free
);
GRANT SELECT, INSERT, UPDATE ON zone_lease TO penguin_app;
GRANT SELECT ON zone_lease TO penguin_staff;
