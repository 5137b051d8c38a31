-- The reverse name (PTR) of an ordered server's address is compared with its name by the sweep of
-- its seller's account.

ALTER TABLE server_order
  ADD COLUMN reverse_wrong_at timestamptz; -- the first sweep that found it wrong; null: right, or never asked
