#!/bin/sh
# Brings the two databases of Temporal to the schema of the temporal-sql-tool on PATH, as the role that owns them.
# Safe to repeat; to be run before each newer Temporal server is started.
# In: SQL_HOST, SQL_PORT, SQL_USER, and SQL_PASSWORD or the file SQL_PASSWORD_FILE.
set -eu
export SQL_PLUGIN=postgres12
if [ -n "${SQL_PASSWORD_FILE:-}" ]; then
  SQL_PASSWORD="$(cat "$SQL_PASSWORD_FILE")"
  export SQL_PASSWORD
fi
for kind in temporal visibility; do
  SQL_DATABASE=temporal
  [ "$kind" = temporal ] || SQL_DATABASE=temporal_visibility
  export SQL_DATABASE
  temporal-sql-tool setup-schema --version 0.0
  temporal-sql-tool update-schema --schema-name "postgresql/v12/$kind"
done
