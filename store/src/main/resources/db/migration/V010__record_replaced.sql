-- Records of the tenant that one of ours took the place of: an MX they let us replace, an SPF text we
-- merged into. A cancelled set-up puts them back.
CREATE TABLE record_replaced (
  tenant_id   uuid NOT NULL REFERENCES tenant,
  domain_id   uuid NOT NULL,
  name        text NOT NULL,
  type        text NOT NULL,
  value       text NOT NULL,
  ttl_seconds integer NOT NULL CHECK (ttl_seconds >= 0),
  replaced_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (domain_id, name, type, value),
  FOREIGN KEY (tenant_id, domain_id) REFERENCES domain (tenant_id, id)
);
CALL protect_tenant_table('record_replaced', 'SELECT, INSERT', 'tenant_id');
GRANT SELECT ON record_replaced TO penguin_staff;
