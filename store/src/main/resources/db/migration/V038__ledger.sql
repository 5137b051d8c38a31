-- The ledger as it compares with a seller's invoices. What is written are calls that cost money
-- (paid_call); renewals and releases follow from them and from the dates of the order, so that there
-- is nothing that somebody could die before writing.

-- Every purchase, change of address, renewal and release that fell in a time, oldest first. A server
-- is paid in advance for a month at a time, from the call that bought it until its order is closed.
-- Calls that nobody knows the end of are among them, as not certain; those that bought nothing are
-- not. Of all tenants, because an invoice is.
CREATE FUNCTION ledger(since timestamptz, before timestamptz)
  RETURNS TABLE (
    at timestamptz, kind text, tenant_id uuid, order_id uuid, try integer, provider text, label text,
    provider_server_id text, amount_cents bigint, currency text, paid_until timestamptz,
    is_certain boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC'
  AS $$
    WITH bought AS (
      SELECT DISTINCT ON (o.id) o.*, p.tried_at AS bought_at
      FROM server_order o
      JOIN paid_call p ON p.order_id = o.id AND p.kind = 'PURCHASE' AND p.outcome = 'DONE'
      ORDER BY o.id, p.try
    ), entry AS (
      SELECT p.tried_at AS at, p.kind, p.order_id, p.try, p.amount_cents, p.currency,
        CASE WHEN p.period = 'MONTH' THEN p.tried_at + interval '1 month' END AS paid_until,
        p.outcome = 'DONE' AS is_certain
      FROM paid_call p
      WHERE p.outcome IN ('DONE', 'UNCLEAR')
      UNION ALL
      -- Months are counted from the purchase, in UTC: a server bought on the 31st renews on the last
      -- day of a shorter month, and on the 31st again.
      SELECT b.bought_at + make_interval(months => n), 'RENEWAL', b.id, n, b.price_cents, b.currency,
        b.bought_at + make_interval(months => n + 1), true
      FROM bought b
      CROSS JOIN LATERAL generate_series(
        1, (extract(year FROM age(least(b.closed_at, before), b.bought_at)) * 12
            + extract(month FROM age(least(b.closed_at, before), b.bought_at)))::integer + 1) AS n
      WHERE b.bought_at + make_interval(months => n) < least(b.closed_at, before)
      UNION ALL
      SELECT b.closed_at, 'RELEASE', b.id, 1, 0, b.currency, NULL, true
      FROM bought b WHERE b.closed_at IS NOT NULL
    )
    SELECT e.at, e.kind, o.tenant_id, o.id, e.try, s.provider, o.label, o.provider_server_id,
      e.amount_cents, e.currency, e.paid_until, e.is_certain
    FROM entry e
    JOIN server_order o ON o.id = e.order_id
    JOIN server s ON s.id = o.server_id
    WHERE e.at >= since AND e.at < before
    ORDER BY e.at, o.id, e.kind, e.try
  $$;
REVOKE ALL ON FUNCTION ledger(timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger(timestamptz, timestamptz) TO penguin_staff;

-- Whom servers were ever ordered from.
CREATE FUNCTION sellers() RETURNS SETOF text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$ SELECT DISTINCT s.provider FROM server s JOIN server_order o ON o.server_id = s.id ORDER BY 1 $$;
REVOKE ALL ON FUNCTION sellers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sellers() TO penguin_staff;

-- What a seller has charged, as staff copied it from its invoices. Of no tenant: an invoice is of an
-- account. Append-only.
CREATE TABLE invoice_line (
  provider     text NOT NULL CHECK (provider ~ '^[a-z0-9-]{2,32}$'),
  invoice      text NOT NULL CHECK (length(invoice) BETWEEN 1 AND 100),
  line         integer NOT NULL CHECK (line >= 1), -- counts the lines of its invoice
  day          date NOT NULL,
  server       text NOT NULL CHECK (length(server) BETWEEN 1 AND 100), -- the seller's id, or the label
  amount_cents bigint NOT NULL CHECK (amount_cents >= 0),
  currency     text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  uploaded_by  text NOT NULL CHECK (length(uploaded_by) BETWEEN 1 AND 200),
  uploaded_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (provider, invoice, line)
);
GRANT SELECT ON invoice_line TO penguin_staff;

-- Writes lines of a seller's invoices, all or none: none where a line is there already and says
-- something else. Lines that are there and say the same are left alone.
--   lines    objects of invoice, line, day, server, amount_cents, currency
--   returns  invoices that differ from what is there; empty: all lines are there now
CREATE FUNCTION record_invoice_lines(seller text, lines jsonb, person text) RETURNS SETOF text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
  BEGIN
    PERFORM require_word(person, 'invoice');
    PERFORM pg_advisory_xact_lock(hashtextextended('invoice_line', 2));
    RETURN QUERY
      SELECT DISTINCT i.invoice
      FROM invoice_line i
      JOIN jsonb_to_recordset(lines) AS given(
        invoice text, line integer, day date, server text, amount_cents bigint, currency text)
        USING (invoice, line)
      WHERE i.provider = seller
        AND (i.day, i.server, i.amount_cents, i.currency)
          <> (given.day, given.server, given.amount_cents, given.currency)
      ORDER BY 1;
    IF NOT FOUND THEN
      INSERT INTO invoice_line
          (provider, invoice, line, day, server, amount_cents, currency, uploaded_by)
        SELECT seller, given.invoice, given.line, given.day, given.server, given.amount_cents,
          given.currency, person
        FROM jsonb_to_recordset(lines) AS given(
          invoice text, line integer, day date, server text, amount_cents bigint, currency text)
        ON CONFLICT DO NOTHING;
    END IF;
  END
  $$;
REVOKE ALL ON FUNCTION record_invoice_lines(text, jsonb, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION record_invoice_lines(text, jsonb, text) TO penguin_staff;

-- A change of address that nobody knew the end of is on an invoice: it is charged, whether it
-- happened or not. A purchase is not settled so: which server it is has to be known, too.
-- False: it was not unclear, or there is no such line.
CREATE FUNCTION settle_by_invoice(
    paid_order uuid, paid_try integer, seller text, on_invoice text, on_line integer, person text)
  RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
  DECLARE
    settled paid_call%ROWTYPE;
  BEGIN
    PERFORM require_word(person, 'invoice');
    UPDATE paid_call SET outcome = 'DONE', settled_at = now(), settled_by = person,
        evidence = 'charged on invoice ' || on_invoice
      WHERE order_id = paid_order AND kind = 'ADDRESS_CHANGE' AND try = paid_try
        AND outcome = 'UNCLEAR'
        AND EXISTS (
          SELECT FROM invoice_line i
          WHERE i.provider = seller AND i.invoice = on_invoice AND i.line = on_line)
      RETURNING * INTO settled;
    IF NOT FOUND THEN
      RETURN false;
    END IF;
    INSERT INTO audit_event (id, tenant_id, actor, action, entity_kind, entity_id, detail)
      SELECT uuidv7(), settled.tenant_id, 'staff:' || person, 'server.call_settled', 'server',
        o.server_id, jsonb_build_object('kind', settled.kind, 'reason', settled.evidence)
      FROM server_order o WHERE o.id = paid_order;
    RETURN true;
  END
  $$;
REVOKE ALL ON FUNCTION settle_by_invoice(uuid, integer, text, text, integer, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION settle_by_invoice(uuid, integer, text, text, integer, text) TO penguin_staff;
