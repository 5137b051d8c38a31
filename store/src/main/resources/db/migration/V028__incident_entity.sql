-- Stories are read by entity, closed incidents too.
CREATE INDEX incident_entity_id_idx ON incident (tenant_id, entity_id, opened_at);
