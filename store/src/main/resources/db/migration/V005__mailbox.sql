-- One address with SMTP and IMAP login.
CREATE TABLE mailbox (
  id         uuid PRIMARY KEY,
  tenant_id  uuid NOT NULL REFERENCES tenant,
  domain_id  uuid NOT NULL,
  local_part text NOT NULL CHECK (local_part = lower(local_part)),
  login_ref  text,        -- null until the password is made
  state      text NOT NULL DEFAULT 'WANTED'
             CHECK (state IN ('WANTED', 'READY', 'RETIRED')),
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, domain_id) REFERENCES domain (tenant_id, id)
);
-- An address is the local part at a domain, and a domain row belongs to one tenant.
CREATE UNIQUE INDEX mailbox_address_idx ON mailbox (domain_id, local_part) WHERE state <> 'RETIRED';
CALL protect_tenant_table('mailbox', 'SELECT, INSERT, UPDATE', 'tenant_id');
GRANT SELECT ON mailbox TO penguin_staff;
