# Runs a PgBouncer until standard input closes (the tests have ended, or died), and then removes its directory.
# Arguments: the program, and the directory with its configuration.

set -eu
program=$1
directory=$2

# Ctrl-C reaches the whole process group. The tests end first, which closes our input.
trap '' INT TERM HUP

# PgBouncer refuses to run as root.
owner=
if [ "$(id -u)" -eq 0 ]; then
    chown -R postgres "$directory"
    owner='setpriv --reuid=postgres --regid=postgres --init-groups --'
fi

# shellcheck disable=SC2086
$owner "$program" "$directory/pgbouncer.ini" >/dev/null 2>&1 &
bouncer=$!
cat >/dev/null
kill -9 "$bouncer" 2>/dev/null || true
rm -rf "$directory"
