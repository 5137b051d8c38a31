-- A server that is not used any more may run on, until its seller has switched it off.
ALTER TABLE server_order
  ADD COLUMN switched_off_at timestamptz; -- null until the seller was asked, and said yes or no; and unless parked
ALTER TABLE server_order
  ADD CONSTRAINT server_order_switched_off_check CHECK (switched_off_at IS NULL OR parked_at IS NOT NULL);
