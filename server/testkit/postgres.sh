#!/usr/bin/env bash
# Runs a command beside a PostgreSQL of its own, which is gone afterwards:
#
#   server/testkit/postgres.sh run cargo nextest run
#
# The command finds it by TEST_POSTGRES_URL. Nothing is shared with a PostgreSQL that this machine may run otherwise.
set -euo pipefail

if [ "${1:-}" != run ] || [ $# -lt 2 ]; then
  echo "Usage: $0 run COMMAND [ARGUMENT...]" >&2
  exit 2
fi
shift

# The folder of PostgreSQL's programs: the one on PATH, else Debian's newest.
find_programs() {
  local found
  if found=$(command -v initdb); then
    dirname "$(readlink -f "$found")"
  else
    compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1
  fi
}

programs=$(find_programs || true)
if ! [ -x "${programs:-}/initdb" ]; then
  echo "PostgreSQL's server programs are missing; please run: end2end/setup.sh postgres" >&2
  exit 1
fi

# PostgreSQL refuses to run as root.
if [ "$(id -u)" = 0 ]; then
  owner=$(id -un postgres 2>/dev/null || echo nobody)
  as_owner() { (cd / && runuser -u "$owner" -- "$@"); }
else
  owner=$(id -un)
  as_owner() { "$@"; }
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/postgres.XXXXXX")
started=no

clean_up() {
  if [ "$started" = yes ]; then
    as_owner "$programs/pg_ctl" stop --pgdata "$folder/data" --mode immediate --silent || true
  fi
  rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

chmod 711 "$folder"
chown "$owner" "$folder"

# Letters beyond ASCII sort by code point but still have upper and lower case.
locale=C
if locale -a 2>/dev/null | grep -qix 'c\.utf-\?8'; then
  locale=C.UTF-8
fi
as_owner "$programs/initdb" --pgdata "$folder/data" --username postgres --auth trust --no-sync \
  --encoding UTF8 --locale "$locale" >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; exit 1; }

# The data dies with the run, so nothing is written through to the disk.
cat >>"$folder/data/postgresql.conf" <<CONFIGURATION
listen_addresses = '127.0.0.1'
unix_socket_directories = '$folder'
max_connections = 200
fsync = off
synchronous_commit = off
full_page_writes = off
CONFIGURATION

is_free() {
  ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Another run may take a port between the look and the start, hence several attempts.
for _ in 1 2 3 4 5 6 7 8; do
  port=$((20000 + RANDOM % 12000))
  is_free "$port" || continue
  if as_owner "$programs/pg_ctl" start --pgdata "$folder/data" --wait --silent --log "$folder/data/server.log" \
    --options "-p $port"; then
    started=yes
    break
  fi
done
if [ "$started" = no ]; then
  echo "PostgreSQL did not start:" >&2
  cat "$folder/data/server.log" >&2
  exit 1
fi

export TEST_POSTGRES_URL=postgres://postgres@127.0.0.1:$port/postgres
# `|| status=` keeps the shell's own exit on errors out of it; the trap cleans up in any case.
status=0
"$@" || status=$?
exit "$status"
