#!/usr/bin/env bash
# Run once by PostgreSQL's image, in an empty data directory: Temporal's role and databases. The product's database
# is POSTGRES_DB, its roles come with `migrate --roles`.
set -euo pipefail
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --file /penguin/databases.sql
# Read by the server's own client, so that the password is on no command line.
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\set password `cat /run/secrets/temporal-password`
ALTER ROLE temporal PASSWORD :'password';
SQL
