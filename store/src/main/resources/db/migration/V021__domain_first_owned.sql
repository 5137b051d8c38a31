-- A host takes mail only for domains that were proved to be the tenant's. It goes on doing so while
-- ownership that was lost is being won back.
ALTER TABLE domain ADD COLUMN first_owned_at timestamptz; -- null: never owned
UPDATE domain d SET first_owned_at = coalesce(owned_at, created_at)
WHERE owned_at IS NOT NULL
  OR EXISTS (SELECT FROM setup s WHERE s.domain_id = d.id AND s.state = 'DONE');
