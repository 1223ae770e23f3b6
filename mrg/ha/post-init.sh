# Run once, by Patroni, when the first member has made the cluster: the services' role and database. The role is no
# superuser, and its connections are limited, so that Patroni and pg_rewind always find one. Nothing waits for a standby
# here: there is none yet.
set -e
export PGOPTIONS='-c synchronous_commit=local'
/usr/lib/postgresql/15/bin/psql "$1" --no-psqlrc --quiet --set ON_ERROR_STOP=1 <<SQL
CREATE ROLE mrg LOGIN PASSWORD 'lab-mrg' NOSUPERUSER NOCREATEROLE NOCREATEDB CONNECTION LIMIT 250;
CREATE DATABASE mrg OWNER mrg;
SQL
