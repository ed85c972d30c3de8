#!/bin/sh
# Runs once, inside the container of PostgreSQL, when its volume is empty: an owner of the database, and a role that only serves.
set -eu
psql --username postgres --set ON_ERROR_STOP=1 --quiet <<SQL
CREATE ROLE clientele LOGIN PASSWORD '$(cat /run/secrets/owner_password)';
CREATE ROLE clientele_server LOGIN PASSWORD '$(cat /run/secrets/server_password)';
CREATE DATABASE clientele OWNER clientele;
SQL
