-- How fast all processes of the installation together call somebody: one bucket of tokens for each
-- name, read and written by a library. Of no tenant: the limit is that of our access there.
CREATE TABLE shared_rate (
  id    text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
  state bytea -- null: nobody has called yet
);
GRANT SELECT, INSERT, UPDATE ON shared_rate TO penguin_app;
