-- Ownership of names: proved by a TXT record, and proved again when another tenant proves the name too.
-- A claim is a row of `domain`; its token is what the record must say.
ALTER TABLE domain
  ADD COLUMN challenged_at       timestamptz, -- the owner's proof was last looked for again; null: never
  ADD COLUMN proof_missing_since timestamptz; -- null while that proof is seen

-- The last two labels. Names of which one is above the other have them in common.
CREATE FUNCTION name_family(name text) RETURNS text
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog
  AS $$ SELECT substring(name FROM '[^.]+\.[^.]+$') $$;

CREATE INDEX domain_owned_family_idx ON domain (name_family(name))
  WHERE owned_at IS NOT NULL AND state <> 'WITHDRAWN';

-- Whose ownership stands in the way of a claim of the running tenant: domains of other tenants with
-- the same name, or one above or below it. Answers where to look and nothing else; all further work
-- runs as the tenant of the row. At most 20, the ones not looked at for longest first.
CREATE FUNCTION owners_in_the_way(claim uuid) RETURNS TABLE (tenant_id uuid, domain_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT o.tenant_id, o.id
    FROM domain c JOIN domain o ON name_family(o.name) = name_family(c.name)
    WHERE c.id = claim AND c.tenant_id = current_tenant()
      AND o.tenant_id <> c.tenant_id AND o.owned_at IS NOT NULL AND o.state <> 'WITHDRAWN'
      AND (o.name = c.name OR o.name LIKE '%.' || c.name OR c.name LIKE '%.' || o.name)
    ORDER BY o.challenged_at NULLS FIRST, o.id
    LIMIT 20
  $$;
REVOKE ALL ON FUNCTION owners_in_the_way(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION owners_in_the_way(uuid) TO penguin_app;
