-- Servers that are bought, and what they cost.

-- A bought server gets its address when its provider has given it one and nothing speaks against it.
ALTER TABLE server ALTER COLUMN address DROP NOT NULL;
ALTER TABLE server ADD CONSTRAINT server_own_address_check
  CHECK (address IS NOT NULL OR provider <> 'existing');

-- One purchase of one server. The label is the only thing the provider echoes back to us.
CREATE TABLE server_order (
  id                 uuid PRIMARY KEY,
  tenant_id          uuid NOT NULL REFERENCES tenant,
  server_id          uuid NOT NULL,
  label              text NOT NULL UNIQUE CHECK (label ~ '^pm-[a-z0-9]{6}-[0-9a-f-]{36}$'),
  plan               text NOT NULL CHECK (length(plan) BETWEEN 1 AND 100), -- as the provider names it
  place              text NOT NULL CHECK (length(place) BETWEEN 1 AND 100),
  budget_cents       bigint NOT NULL CHECK (budget_cents > 0), -- what a month may cost
  currency           text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  price_cents        bigint CHECK (price_cents > 0), -- of a month; null until reserved
  reserved_at        timestamptz, -- null until the money was set aside
  provider_server_id text,        -- null until a server was found under the label
  accepted_at        timestamptz, -- the server has its address and its first login; null before
  parked_at          timestamptz, -- not used any more, but still paid for: staff decide
  closed_at          timestamptz, -- nothing is paid for it any more, or never was
  created_at         timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, server_id) REFERENCES server (tenant_id, id),
  CHECK ((price_cents IS NULL) = (reserved_at IS NULL)),
  CHECK (accepted_at IS NULL OR provider_server_id IS NOT NULL)
);
CREATE UNIQUE INDEX server_order_server_id_idx ON server_order (server_id)
  WHERE parked_at IS NULL AND closed_at IS NULL;
CALL protect_tenant_table('server_order', 'SELECT, INSERT, UPDATE', 'tenant_id');
GRANT SELECT ON server_order TO penguin_staff;

-- Every call that costs money or must not be repeated, written before it is made. Whoever finds the
-- row of a try that is not theirs calls nobody.
CREATE TABLE paid_call (
  tenant_id    uuid NOT NULL REFERENCES tenant,
  order_id     uuid NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('PURCHASE', 'ADDRESS_CHANGE')),
  try          integer NOT NULL CHECK (try >= 1),
  amount_cents bigint NOT NULL CHECK (amount_cents >= 0),
  currency     text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  period       text NOT NULL CHECK (period IN ('MONTH', 'ONCE')),
  tried_at     timestamptz NOT NULL DEFAULT now(),
  outcome      text NOT NULL DEFAULT 'UNCLEAR'
               CHECK (outcome IN ('UNCLEAR', 'DONE', 'REFUSED', 'NOT_DONE')),
  evidence     text NOT NULL DEFAULT '',
  settled_at   timestamptz, -- null while unclear
  settled_by   text,        -- the member of staff who said what became of it; null: we know ourselves
  PRIMARY KEY (order_id, kind, try),
  FOREIGN KEY (tenant_id, order_id) REFERENCES server_order (tenant_id, id),
  CHECK ((settled_at IS NULL) = (outcome = 'UNCLEAR'))
);
CALL protect_tenant_table('paid_call', 'SELECT, INSERT, UPDATE', 'tenant_id');
GRANT SELECT ON paid_call TO penguin_staff;

-- What may be bought at all. Exactly one row; changed by staff, never by the pool.
CREATE TABLE purchase_limit (
  stopped_reason             text, -- null: purchases are allowed
  tenant_monthly_cents       bigint NOT NULL CHECK (tenant_monthly_cents >= 0),
  installation_monthly_cents bigint NOT NULL CHECK (installation_monthly_cents >= 0),
  currency                   text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  changed_at                 timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX purchase_limit_single_idx ON purchase_limit ((true));
INSERT INTO purchase_limit (tenant_monthly_cents, installation_monthly_cents, currency)
  VALUES (20000, 200000, 'USD');
GRANT SELECT ON purchase_limit TO penguin_app, penguin_staff;

-- What all orders of the installation cost a month: one sum, of no tenant's rows in particular.
CREATE FUNCTION committed_monthly_cents() RETURNS bigint
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT coalesce(sum(o.price_cents), 0)::bigint
    FROM server_order o WHERE o.closed_at IS NULL
  $$;
REVOKE ALL ON FUNCTION committed_monthly_cents() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION committed_monthly_cents() TO penguin_app;
