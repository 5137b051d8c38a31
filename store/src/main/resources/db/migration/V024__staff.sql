-- What staff do from outside of every tenant: see what waits for them, and say that it is done. They
-- still write no table: each function writes who did it, and why, into the tenant's audit.

-- Open incidents that staff must act on, oldest first: ids and what was seen, without a grant for a
-- tenant, because whoever looks does not know yet whose they are.
CREATE FUNCTION incidents_for_staff()
  RETURNS TABLE (
    id uuid, cause text, evidence text, entity_kind text, entity_id uuid, setup_id uuid,
    tenant_id uuid, opened_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT i.id, i.cause, coalesce(i.params ->> 'evidence', ''), i.entity_kind, i.entity_id,
      i.setup_id, i.tenant_id, i.opened_at
    FROM incident i
    WHERE i.closed_at IS NULL AND i.who_must_act = 'STAFF'
    ORDER BY i.opened_at, i.id
  $$;
REVOKE ALL ON FUNCTION incidents_for_staff() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION incidents_for_staff() TO penguin_staff;

-- It is cleared up. False: there is no such open incident.
CREATE FUNCTION close_incident(incident_id uuid, person text, reason text) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
  DECLARE
    closed incident%ROWTYPE;
  BEGIN
    UPDATE incident SET closed_at = now()
      WHERE id = incident_id AND closed_at IS NULL
      RETURNING * INTO closed;
    IF NOT FOUND THEN
      RETURN false;
    END IF;
    INSERT INTO audit_event (id, tenant_id, actor, action, entity_kind, entity_id, detail)
      VALUES (uuidv7(), closed.tenant_id, 'staff:' || person, 'incident.closed', closed.entity_kind,
              closed.entity_id, jsonb_build_object('cause', closed.cause, 'reason', reason));
    RETURN true;
  END
  $$;
REVOKE ALL ON FUNCTION close_incident(uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION close_incident(uuid, text, text) TO penguin_staff;

-- A parked server was given up at its seller: nothing is paid for its order any more, and the caps
-- count it no longer. Its incident ends with the last such order of the server. False: no parked order
-- that is still paid for has this label.
CREATE FUNCTION release_order(order_label text, person text, reason text) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
  DECLARE
    released server_order%ROWTYPE;
  BEGIN
    UPDATE server_order SET closed_at = now()
      WHERE label = order_label AND parked_at IS NOT NULL AND closed_at IS NULL
      RETURNING * INTO released;
    IF NOT FOUND THEN
      RETURN false;
    END IF;
    INSERT INTO audit_event (id, tenant_id, actor, action, entity_kind, entity_id, detail)
      VALUES (uuidv7(), released.tenant_id, 'staff:' || person, 'server.order_closed', 'server',
              released.server_id, jsonb_build_object('label', order_label, 'reason', reason));
    UPDATE incident SET closed_at = now()
      WHERE entity_id = released.server_id AND cause = 'server-parked' AND closed_at IS NULL
        AND NOT EXISTS (
          SELECT FROM server_order o
          WHERE o.server_id = released.server_id AND o.parked_at IS NOT NULL
            AND o.closed_at IS NULL);
    RETURN true;
  END
  $$;
REVOKE ALL ON FUNCTION release_order(text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION release_order(text, text, text) TO penguin_staff;

-- Who changed what may be bought, and to what; of no tenant. Append-only.
CREATE TABLE purchase_limit_change (
  id                         uuid PRIMARY KEY,
  person                     text NOT NULL CHECK (length(person) BETWEEN 1 AND 200),
  stopped_reason             text,
  tenant_monthly_cents       bigint NOT NULL,
  installation_monthly_cents bigint NOT NULL,
  at                         timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT ON purchase_limit_change TO penguin_staff;

-- Changes what may be bought, for everybody.
--   stopped  why nothing may be bought; null: it may
CREATE FUNCTION limit_purchases(
    person text, stopped text, tenant_cents bigint, installation_cents bigint) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    WITH changed AS (
      UPDATE purchase_limit SET
        stopped_reason = stopped,
        tenant_monthly_cents = tenant_cents,
        installation_monthly_cents = installation_cents,
        changed_at = now()
      RETURNING *)
    INSERT INTO purchase_limit_change (
        id, person, stopped_reason, tenant_monthly_cents, installation_monthly_cents)
      SELECT uuidv7(), person, c.stopped_reason, c.tenant_monthly_cents,
        c.installation_monthly_cents
      FROM changed c
  $$;
REVOKE ALL ON FUNCTION limit_purchases(text, text, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION limit_purchases(text, text, bigint, bigint) TO penguin_staff;
