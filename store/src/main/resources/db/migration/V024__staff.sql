-- What staff do from outside of every tenant: see what waits for them, and say that it is done. They
-- still write no table: each function that changes something writes who did it, and why.

-- Who says something, and why, is kept for ever: neither may be missing.
CREATE FUNCTION require_word(person text, reason text) RETURNS void
  LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog
  AS $$
  BEGIN
    IF person IS NULL OR btrim(person) = '' OR length(person) > 200 THEN
      RAISE EXCEPTION 'a person is named by 1 to 200 characters';
    END IF;
    IF reason IS NULL OR btrim(reason) = '' OR length(reason) > 1000 THEN
      RAISE EXCEPTION 'a reason has 1 to 1000 characters';
    END IF;
  END
  $$;
REVOKE ALL ON FUNCTION require_word(text, text) FROM PUBLIC;

-- Open incidents that staff must act on, oldest first: ids, what was seen, and the orders at the
-- seller that it is about. Without a grant for a tenant, because whoever looks does not know yet whose
-- they are.
CREATE FUNCTION incidents_for_staff()
  RETURNS TABLE (
    id uuid, cause text, evidence text, entity_kind text, entity_id uuid, setup_id uuid,
    tenant_id uuid, opened_at timestamptz, orders text[])
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT i.id, i.cause, coalesce(i.params ->> 'evidence', ''), i.entity_kind, i.entity_id,
      i.setup_id, i.tenant_id, i.opened_at,
      ARRAY(
        SELECT o.label || coalesce(' (' || o.provider_server_id || ' there)', '')
        FROM server_order o
        WHERE o.server_id = i.entity_id AND o.closed_at IS NULL
          AND (i.cause = 'server-parked') = (o.parked_at IS NOT NULL)
        ORDER BY o.created_at, o.id)
    FROM incident i
    WHERE i.closed_at IS NULL AND i.who_must_act = 'STAFF'
    ORDER BY i.opened_at, i.id
  $$;
REVOKE ALL ON FUNCTION incidents_for_staff() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION incidents_for_staff() TO penguin_staff;

-- A second server under one label is cleared up; no other incident ends by somebody's word. False:
-- there is no such open incident.
CREATE FUNCTION close_incident(incident_id uuid, person text, reason text) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
  DECLARE
    closed incident%ROWTYPE;
  BEGIN
    PERFORM require_word(person, reason);
    UPDATE incident SET closed_at = now()
      WHERE id = incident_id AND cause = 'purchase-doubled' AND closed_at IS NULL
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
-- count it no longer. Its incident ends with the last such order of the server. False: no order of
-- this label is parked and still paid for.
CREATE FUNCTION release_order(order_label text, person text, reason text) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
  DECLARE
    named server_order%ROWTYPE;
    is_released boolean;
  BEGIN
    PERFORM require_word(person, reason);
    SELECT * INTO named FROM server_order WHERE label = order_label;
    IF NOT FOUND THEN
      RETURN false;
    END IF;
    -- All of its server's: of two that are released at once, the second sees that it is the last.
    PERFORM FROM server_order WHERE server_id = named.server_id ORDER BY id FOR UPDATE;
    UPDATE server_order SET closed_at = now()
      WHERE id = named.id AND parked_at IS NOT NULL AND closed_at IS NULL;
    is_released := FOUND;
    IF is_released THEN
      INSERT INTO audit_event (id, tenant_id, actor, action, entity_kind, entity_id, detail)
        VALUES (uuidv7(), named.tenant_id, 'staff:' || person, 'server.order_closed', 'server',
                named.server_id, jsonb_build_object('label', order_label, 'reason', reason));
    END IF;
    UPDATE incident SET closed_at = now()
      WHERE entity_id = named.server_id AND cause = 'server-parked' AND closed_at IS NULL
        AND NOT EXISTS (
          SELECT FROM server_order o
          WHERE o.server_id = named.server_id AND o.parked_at IS NOT NULL AND o.closed_at IS NULL);
    RETURN is_released;
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

-- Changes what may be bought, for everybody, and leaves alone what it is not told to change: whoever
-- raises a cap must not undo a stop of that moment.
--   is_switched  whether `stopped` counts: why nothing may be bought, or null: it may
--   tenant_cents, installation_cents  a month; null: as before
CREATE FUNCTION limit_purchases(
    person text, is_switched boolean, stopped text, tenant_cents bigint, installation_cents bigint)
  RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
  BEGIN
    PERFORM require_word(person, CASE WHEN is_switched THEN coalesce(stopped, 'goes') ELSE 'cap' END);
    WITH changed AS (
      UPDATE purchase_limit SET
        stopped_reason = CASE WHEN is_switched THEN stopped ELSE stopped_reason END,
        tenant_monthly_cents = coalesce(tenant_cents, tenant_monthly_cents),
        installation_monthly_cents = coalesce(installation_cents, installation_monthly_cents),
        changed_at = now()
      RETURNING *)
    INSERT INTO purchase_limit_change (
        id, person, stopped_reason, tenant_monthly_cents, installation_monthly_cents)
      SELECT uuidv7(), person, c.stopped_reason, c.tenant_monthly_cents,
        c.installation_monthly_cents
      FROM changed c;
  END
  $$;
REVOKE ALL ON FUNCTION limit_purchases(text, boolean, text, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION limit_purchases(text, boolean, text, bigint, bigint) TO penguin_staff;
