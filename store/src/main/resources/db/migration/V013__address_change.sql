-- Another main address for a bought server. What it had before tells whether that has happened: a
-- seller's success does not.
ALTER TABLE paid_call ADD COLUMN from_address inet; -- null: this call changes no address
ALTER TABLE paid_call ADD CONSTRAINT paid_call_from_address_check
  CHECK ((kind = 'ADDRESS_CHANGE') = (from_address IS NOT NULL));
