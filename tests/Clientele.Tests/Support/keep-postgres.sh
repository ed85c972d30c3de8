# Runs a temporary PostgreSQL cluster: initdb, start, then wait until standard input closes (the tests have ended, or
# died), stop, and remove the directory. Prints the port once connections are accepted.
# Arguments: the directory of the binaries, the directory of the cluster (with the superuser's password), ports to try.

set -eu
bin=$1
directory=$2
shift 2

# Ctrl-C reaches the whole process group. The tests end first, which closes our input.
trap '' INT TERM HUP

# initdb refuses to run as root.
as_owner() {
    if [ "$(id -u)" -ne 0 ]; then
        "$@"
    elif command -v setpriv >/dev/null; then
        setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"
    else
        runuser -u postgres -- "$@"
    fi
}

clean_up() {
    as_owner "$bin/pg_ctl" -D "$directory/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$directory"
}
trap clean_up EXIT

cd "$directory"
if [ "$(id -u)" -eq 0 ]; then
    chown -R postgres "$directory"
fi

# A linguistic collation, as on production servers: tests must not pass only because of collation C.
locale='--locale-provider=icu --icu-locale=en-US --locale=C.UTF-8'
case $("$bin/initdb" --version) in
    *' 1'[0-4]*) locale='--locale=C.UTF-8' ;;
esac

# shellcheck disable=SC2086
as_owner "$bin/initdb" -D "$directory/data" -U postgres --pwfile="$directory/password" --auth=scram-sha-256 \
    --encoding=UTF8 $locale --no-sync --no-instructions </dev/null >"$directory/log" 2>&1 || { cat "$directory/log" >&2; exit 1; }

# No data outlives the run, so durability is off.
cat >>"$directory/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 300
shared_buffers = 64MB
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_wal_size = 4GB
CONF

for port in "$@"; do
    if as_owner "$bin/pg_ctl" -D "$directory/data" -l "$directory/server.log" -o "-p $port" -w -t 60 start </dev/null >/dev/null 2>&1; then
        echo "$port"
        cat >/dev/null
        exit 0
    fi
done

cat "$directory/server.log" >&2
exit 1
