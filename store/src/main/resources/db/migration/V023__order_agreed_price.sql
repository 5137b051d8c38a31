-- What the plan said that a tenant went ahead from: the first purchase may cost that and no more. The
-- budget stays what they allowed for the server altogether.
ALTER TABLE server_order
  ADD COLUMN agreed_price_cents bigint CHECK (agreed_price_cents > 0); -- of a month; null: no price was agreed to, or another budget came after it
