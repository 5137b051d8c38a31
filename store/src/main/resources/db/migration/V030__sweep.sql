-- Account-wide sweeps: what a seller lists, against the orders. What is found about an order is an
-- incident of its tenant's; what is of no order is of no tenant.

ALTER TABLE server_order
  ADD COLUMN missed_at timestamptz; -- the first sweep that did not find it at its seller; null: listed

ALTER TABLE incident
  ADD COLUMN day_cents bigint CHECK (day_cents >= 0), -- what it costs a day; null: no sum is known
  ADD COLUMN currency text CHECK (currency ~ '^[A-Z]{3}$'),
  ADD COLUMN repair text CHECK (repair ~ '^[A-Z_]{1,40}$'), -- what a program can do; null: nothing
  ADD COLUMN seen_at timestamptz,  -- the sweep that saw it last; null: none did
  ADD COLUMN closed_reason text,   -- null while open, and where the work itself went on
  ADD CONSTRAINT incident_cost_check CHECK ((day_cents IS NULL) = (currency IS NULL));
GRANT UPDATE (day_cents, currency, repair, seen_at, closed_reason) ON incident TO penguin_app;

-- The sweep finds pairs of tenant and order; what they say is read under their tenant.
GRANT SELECT (id, tenant_id, closed_at) ON server_order TO penguin_sweep;
CREATE POLICY sweep ON server_order FOR SELECT TO penguin_sweep USING (true);
GRANT SELECT (tenant_id, entity_kind, entity_id, closed_at) ON incident TO penguin_sweep;
CREATE POLICY sweep ON incident FOR SELECT TO penguin_sweep USING (true);
CREATE INDEX incident_order_idx ON incident (entity_id)
  WHERE closed_at IS NULL AND entity_kind = 'order';

-- A server at a seller's with a label of this installation that no order has: the order was lost,
-- as when this database was restored from before it. Of no tenant, because nobody knows whose.
CREATE TABLE stray_server (
  id                 uuid PRIMARY KEY,
  provider           text NOT NULL CHECK (provider ~ '^[a-z0-9-]{2,32}$'),
  provider_server_id text NOT NULL CHECK (length(provider_server_id) BETWEEN 1 AND 100),
  label              text NOT NULL CHECK (label ~ '^pm-[a-z0-9]{6}-[0-9a-f-]{36}$'),
  evidence           text NOT NULL,
  proposal           text NOT NULL,
  day_cents          bigint CHECK (day_cents >= 0), -- what it costs a day; null: its price is not known
  currency           text CHECK (currency ~ '^[A-Z]{3}$'),
  opened_at          timestamptz NOT NULL,
  seen_at            timestamptz NOT NULL, -- the sweep that saw it last
  closed_at          timestamptz,          -- null while it is there
  closed_reason      text,
  CHECK ((day_cents IS NULL) = (currency IS NULL)),
  CHECK ((closed_at IS NULL) = (closed_reason IS NULL))
);
CREATE UNIQUE INDEX stray_server_open_idx ON stray_server (provider, provider_server_id)
  WHERE closed_at IS NULL;
GRANT SELECT, INSERT, UPDATE (evidence, proposal, day_cents, currency, seen_at, closed_at, closed_reason)
  ON stray_server TO penguin_app;
GRANT SELECT ON stray_server TO penguin_staff;

-- As before (V024), and of each what it costs, what helps, and what a program can do about it.
-- Strays are among them, without a tenant: the entity is the order that the label names.
DROP FUNCTION incidents_for_staff();
CREATE FUNCTION incidents_for_staff()
  RETURNS TABLE (
    id uuid, cause text, evidence text, entity_kind text, entity_id uuid, setup_id uuid,
    tenant_id uuid, opened_at timestamptz, orders text[], account text, proposal text,
    day_cents bigint, currency text, repair text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT i.id, i.cause, coalesce(i.params ->> 'evidence', ''), i.entity_kind, i.entity_id,
      i.setup_id, i.tenant_id, i.opened_at,
      ARRAY(
        SELECT o.label || coalesce(' (' || o.provider_server_id || ' there)', '')
        FROM server_order o
        WHERE o.id = i.entity_id
          OR o.server_id = i.entity_id AND o.closed_at IS NULL
            AND (i.cause = 'server-parked') = (o.parked_at IS NOT NULL)
        ORDER BY o.created_at, o.id),
      i.params ->> 'account', i.params ->> 'proposal', i.day_cents, i.currency, i.repair
    FROM incident i
    WHERE i.closed_at IS NULL AND i.who_must_act = 'STAFF'
    UNION ALL
    SELECT s.id, 'server-stray', s.evidence, 'order', right(s.label, 36)::uuid, NULL, NULL,
      s.opened_at, ARRAY[s.label || ' (' || s.provider_server_id || ' there)'], NULL, s.proposal,
      s.day_cents, s.currency, NULL
    FROM stray_server s
    WHERE s.closed_at IS NULL
    ORDER BY 8, 1
  $$;
REVOKE ALL ON FUNCTION incidents_for_staff() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION incidents_for_staff() TO penguin_staff;

-- Why an order cannot be released: how it stands, and whose mailboxes would be without a server.
CREATE FUNCTION order_for_staff(order_label text)
  RETURNS TABLE (is_parked boolean, is_closed boolean, mailboxes bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT o.parked_at IS NOT NULL, o.closed_at IS NOT NULL,
      (SELECT count(*) FROM mailbox m JOIN domain d ON d.id = m.domain_id
       WHERE d.server_id = o.server_id AND m.state <> 'RETIRED')
    FROM server_order o WHERE o.label = order_label
  $$;
REVOKE ALL ON FUNCTION order_for_staff(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION order_for_staff(text) TO penguin_staff;

-- Whether another order, whosever, is that server already. Says neither which nor whose.
CREATE FUNCTION is_another_orders_server(order_id uuid, seller text, found text) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT EXISTS (
      SELECT FROM server_order o JOIN server s ON s.id = o.server_id
      WHERE o.id <> order_id AND o.closed_at IS NULL
        AND o.provider_server_id = found AND s.provider = seller)
  $$;
REVOKE ALL ON FUNCTION is_another_orders_server(uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_another_orders_server(uuid, text, text) TO penguin_app;
