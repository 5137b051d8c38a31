-- The sweep of domains finds pairs of tenant and domain; what they say is read under their tenant.

GRANT SELECT (id, tenant_id, state, retire_wanted_at) ON domain TO penguin_sweep;
CREATE POLICY sweep ON domain FOR SELECT TO penguin_sweep USING (true);
