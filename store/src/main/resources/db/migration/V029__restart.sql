-- What should have a run, of all tenants: whoever restarts everything after Temporal was lost goes
-- through it. Ids, the domain's name and versions; no address and no reference to a secret.
--   wanted_kind  'setup', 'server', 'domain' or 'certificate'
--   after_id     page by key: only ids above this one; null for the first page
--   most         how many at once, up to 1000
-- A set-up that is not finished begins its server, domain and certificate itself, in its own order:
-- nothing is bought before the domain is proved. Those it has already made, and those of every set-up
-- that was proved, live on without it, so they are listed; `setup_id` is the newest such set-up, on
-- whose page their work appears.
CREATE FUNCTION entities_to_restart(wanted_kind text, after_id uuid, most integer)
  RETURNS TABLE (
    tenant_id uuid, id uuid, setup_id uuid, setup_state text, domain_name text, version bigint,
    provider text, server_id uuid)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
  #variable_conflict use_column
  DECLARE
    floor_id uuid := coalesce(after_id, '00000000-0000-0000-0000-000000000000');
    page integer := least(most, 1000);
  BEGIN
    CASE wanted_kind
      WHEN 'setup' THEN
        RETURN QUERY
          SELECT s.tenant_id, s.id, s.id, s.state, s.domain_name, 0::bigint, v.provider, s.server_id
          FROM setup s JOIN server v ON v.id = s.server_id
          WHERE s.finished_at IS NULL AND s.id > floor_id
          ORDER BY s.id LIMIT page;
      WHEN 'server' THEN
        RETURN QUERY
          SELECT v.tenant_id, v.id, s.id, s.state, s.domain_name, v.desired_version, v.provider, v.id
          FROM server v CROSS JOIN LATERAL (
            SELECT one.id, one.state, one.domain_name FROM setup one
            WHERE one.server_id = v.id AND has_made(one)
            ORDER BY one.state = 'DONE' DESC, one.id DESC LIMIT 1) s
          WHERE v.state <> 'RETIRED' AND v.id > floor_id
          ORDER BY v.id LIMIT page;
      WHEN 'domain' THEN
        RETURN QUERY
          SELECT d.tenant_id, d.id, s.id, s.state, d.name, d.desired_version, v.provider, d.server_id
          FROM domain d JOIN server v ON v.id = d.server_id CROSS JOIN LATERAL (
            SELECT one.id, one.state FROM setup one
            WHERE one.domain_id = d.id AND has_made(one)
            ORDER BY one.state = 'DONE' DESC, one.id DESC LIMIT 1) s
          WHERE d.state <> 'WITHDRAWN' AND d.id > floor_id
          ORDER BY d.id LIMIT page;
      WHEN 'certificate' THEN
        RETURN QUERY
          SELECT c.tenant_id, c.id, s.id, s.state, s.domain_name, c.desired_version, v.provider,
            c.server_id
          FROM certificate c JOIN server v ON v.id = c.server_id CROSS JOIN LATERAL (
            SELECT one.id, one.state, one.domain_name FROM setup one
            WHERE one.certificate_id = c.id AND has_made(one)
            ORDER BY one.state = 'DONE' DESC, one.id DESC LIMIT 1) s
          WHERE c.state <> 'RETIRED' AND v.state <> 'RETIRED' AND c.id > floor_id
          ORDER BY c.id LIMIT page;
    END CASE;
  END
  $$;
REVOKE ALL ON FUNCTION entities_to_restart(text, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION entities_to_restart(text, uuid, integer) TO penguin_staff;

-- Whether what the set-up orders is there: it is proved, or the proof is all that is missing.
CREATE FUNCTION has_made(one setup) RETURNS boolean
  LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp
  AS $$ SELECT one.state = 'DONE' OR one.stage = 'PROVING' AND one.state IN ('RUNNING', 'HELD') $$;
REVOKE ALL ON FUNCTION has_made(setup) FROM PUBLIC;

CREATE INDEX setup_domain_id_idx ON setup (domain_id);
CREATE INDEX setup_certificate_id_idx ON setup (certificate_id);
