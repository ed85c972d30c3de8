# Runs a streaming replica of a PostgreSQL server until standard input closes (the tests have ended, or died), and then removes its directory.
# Prints the port once connections are accepted.
# Arguments: the directory of the binaries, the directory of the replica, the connection string of the primary, ports to try.

set -eu
bin=$1
directory=$2
primary=$3
shift 3

# Ctrl-C reaches the whole process group. The tests end first, which closes our input.
trap '' INT TERM HUP

# PostgreSQL refuses to run as root.
owner=
if [ "$(id -u)" -eq 0 ]; then
    chown -R postgres "$directory"
    owner='setpriv --reuid=postgres --regid=postgres --init-groups --'
fi

clean_up() {
    $owner "$bin/pg_ctl" -D "$directory/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$directory"
}
trap clean_up EXIT

cd "$directory"
$owner "$bin/pg_basebackup" --pgdata="$directory/data" --dbname="$primary" --write-recovery-conf --checkpoint=fast --no-sync >"$directory/log" 2>&1 \
    || { cat "$directory/log" >&2; exit 1; }

for port in "$@"; do
    if $owner "$bin/pg_ctl" -D "$directory/data" -l "$directory/server.log" -o "-p $port" -w -t 60 start </dev/null >/dev/null 2>&1; then
        echo "$port"
        cat >/dev/null
        exit 0
    fi
done

cat "$directory/server.log" >&2
exit 1
