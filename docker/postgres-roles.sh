#!/bin/sh
# Run once by PostgreSQL's image, on an empty volume: two roles and the database (docs/operations.md, "Servers of your own").
set -eu
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres \
    --set=owner_password="$SEATWISE_OWNER_PASSWORD" --set=app_password="$SEATWISE_APP_PASSWORD" <<'SQL'
CREATE ROLE seatwise_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE seatwise_app LOGIN PASSWORD :'app_password';
CREATE DATABASE seatwise OWNER seatwise_owner TEMPLATE template0 ENCODING 'UTF8'
    LOCALE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8';
SQL
