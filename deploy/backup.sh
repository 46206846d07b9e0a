#!/bin/sh
# A nightly backup: the database first, then the files, so that every file which a row names is there.
# Settings: PGHOST, PGDATABASE, PGUSER of a role that may read everything, its password in PGPASSFILE (mode 0600; an
# argument would stand in the list of processes), PGSSLMODE=verify-full where the database is on another machine;
# DUBAN_DATA_DIR, DUBAN_BACKUP_DIR.
# Keys are not part of it: keep DUBAN_JOURNAL_KEY and DUBAN_FIELD_KEYS elsewhere.
set -eu
umask 077
stamp=$(date +%Y-%m-%dT%H%M%S)
into="$DUBAN_BACKUP_DIR/$stamp"
mkdir -p "$into"
pg_dump --format=custom --exclude-table-data='wakeups.*' --no-password --file="$into/database.dump"
tar --create --file="$into/files.tar" --exclude=local-keys.json --directory="$DUBAN_DATA_DIR" .
sha256sum "$into"/* > "$into/sha256"
date +%Y-%m-%dT%H:%M:%S%z > "$DUBAN_DATA_DIR/last-backup"
