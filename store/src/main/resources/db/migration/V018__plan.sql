-- What a set-up would do and cost, found by rehearsing it. It stands for nothing that is: no server,
-- no domain and no set-up has a row before the tenant goes ahead.
CREATE TABLE plan (
  id                 uuid PRIMARY KEY,
  tenant_id          uuid NOT NULL REFERENCES tenant,
  idempotency_key    text NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 255),
  request_hash       text NOT NULL, -- same key with another hash is a conflict
  request_ref        text,          -- the order word for word, for going ahead; null once forgotten
  certificate_names  text[] NOT NULL CHECK (cardinality(certificate_names) >= 1), -- first: the server's
  domain_name        text NOT NULL,
  zone_name          text NOT NULL,
  zone_provider      text NOT NULL,
  zone_settings      jsonb NOT NULL DEFAULT '{}',
  zone_secret_ref    text,          -- null when the provider needs none, and once forgotten
  mx_replace_allowed boolean NOT NULL,
  ownership_token    text NOT NULL, -- what the TXT proof must say; the set-up's too, so that it may be entered before
  mailbox            text NOT NULL, -- what stands before the @
  provider           text NOT NULL, -- 'existing': the tenant's own server
  address            inet,          -- of the tenant's own server; null for one to be bought
  ssh_port           integer CHECK (ssh_port BETWEEN 1 AND 65535),
  first_user         text,
  first_login_ref    text,          -- null for one to be bought, and once forgotten
  offer_plan         text,          -- as the seller names it; null for the tenant's own server
  offer_place        text,
  budget_cents       bigint CHECK (budget_cents >= 0),
  price_cents        bigint CHECK (price_cents >= 0), -- of a month; null: nothing is bought, or it was not read
  currency           text CHECK (currency ~ '^[A-Z]{3}$'), -- of budget and price
  price_read_at      timestamptz,   -- when the seller's price list said so
  state              text NOT NULL DEFAULT 'REHEARSING'
                     CHECK (state IN ('REHEARSING', 'READY', 'STOPPED', 'USED', 'ENDED')),
  setup_id           uuid,          -- the set-up it became; null until the tenant went ahead
  created_at         timestamptz NOT NULL DEFAULT now(),
  finished_at        timestamptz,   -- when the rehearsal ended; null before
  UNIQUE (tenant_id, id),
  UNIQUE (tenant_id, idempotency_key),
  FOREIGN KEY (tenant_id, setup_id) REFERENCES setup (tenant_id, id),
  CHECK ((provider = 'existing') = (address IS NOT NULL)),
  CHECK ((provider = 'existing') = (offer_plan IS NULL)),
  CHECK ((price_cents IS NULL) = (price_read_at IS NULL)),
  CHECK ((setup_id IS NOT NULL) = (state = 'USED'))
);
CREATE INDEX plan_created_at_idx ON plan (created_at) WHERE state NOT IN ('USED', 'ENDED');
CALL protect_tenant_table('plan', 'SELECT, INSERT, UPDATE', 'tenant_id');
GRANT SELECT ON plan TO penguin_staff;
GRANT SELECT (id, tenant_id, state, created_at) ON plan TO penguin_sweep;
CREATE POLICY sweep ON plan FOR SELECT TO penguin_sweep USING (true);

-- What the rehearsal came upon, in that order: steps, effects that a set-up would have outside of our
-- database, and risks that were really seen.
CREATE TABLE plan_line (
  tenant_id uuid NOT NULL REFERENCES tenant,
  plan_id   uuid NOT NULL,
  kind      text NOT NULL CHECK (kind IN ('STEP', 'EFFECT', 'RISK')),
  name      text NOT NULL CHECK (length(name) BETWEEN 1 AND 500), -- the same line twice is one
  title     text NOT NULL DEFAULT '',
  said      text NOT NULL,
  stops     boolean NOT NULL DEFAULT false, -- of a risk: the set-up would wait for somebody
  number    bigint GENERATED ALWAYS AS IDENTITY, -- the order
  PRIMARY KEY (plan_id, kind, name),
  FOREIGN KEY (tenant_id, plan_id) REFERENCES plan (tenant_id, id)
);
CALL protect_tenant_table('plan_line', 'SELECT, INSERT, UPDATE', 'tenant_id');
GRANT SELECT ON plan_line TO penguin_staff;

-- How long finished set-ups of a kind took from their first step to their last, of all tenants: two
-- numbers, of nobody's rows in particular.
CREATE FUNCTION usual_setup(seller text, dns text, OUT runs bigint, OUT seconds bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT count(*), coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY took), 0)::bigint
    FROM (
      SELECT extract(epoch FROM max(p.since) - min(p.started_at)) AS took
      FROM setup s
        JOIN server v ON v.id = s.server_id
        JOIN domain d ON d.id = s.domain_id
        JOIN progress p ON p.setup_id = s.id
      WHERE s.state = 'DONE' AND v.provider = seller AND d.zone_provider = dns
      GROUP BY s.id
    ) finished
  $$;
REVOKE ALL ON FUNCTION usual_setup(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION usual_setup(text, text) TO penguin_app;
