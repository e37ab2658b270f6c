#!/usr/bin/env bash
# Runs a command beside a PostgreSQL of its own, which is gone afterwards:
#
#   server/testkit/postgres.sh run cargo nextest run
#   server/testkit/postgres.sh run-durable end2end/bench/portal.sh pages.mjs
#
# `run` is for tests: nothing waits for the disk. `run-durable` is for measuring: every commit is synced, as PostgreSQL does
# unless it is told otherwise, with memory set as for a machine that it shares with the portal alone. POSTGRES_SETTINGS then
# says how it is set, and POSTGRES_FOLDER where it lies.
#
# The command finds it by TEST_POSTGRES_URL. Nothing is shared with a PostgreSQL that this machine may run otherwise.
set -euo pipefail

mode=${1:-}
case $mode in
  run | run-durable) ;;
  *) mode= ;;
esac
if [ -z "$mode" ] || [ $# -lt 2 ]; then
  echo "Usage: $0 run|run-durable COMMAND [ARGUMENT...]" >&2
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

sweeper=

clean_up() {
  if [ -n "$sweeper" ]; then
    kill "$sweeper" 2>/dev/null || true
  fi
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

cat >>"$folder/data/postgresql.conf" <<CONFIGURATION
listen_addresses = '127.0.0.1'
unix_socket_directories = '$folder'
max_connections = 200
CONFIGURATION
if [ "$mode" = run ]; then
  # The data dies with the run, so nothing is written through to the disk. It is tidied up seldom: there is a database for each
  # test, and going round them all every minute takes a part of the machine.
  cat >>"$folder/data/postgresql.conf" <<CONFIGURATION
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum_naptime = 10min
CONFIGURATION
else
  # A quarter of the memory for its own pages, and half of it for the system's copy of files, as its manual recommends.
  # Checkpoints come by time, not because 1 GiB was written: a large file writes that much in a minute.
  mebibytes=$(($(getconf _PHYS_PAGES) * $(getconf PAGE_SIZE) / 1048576))
  cat >>"$folder/data/postgresql.conf" <<CONFIGURATION
fsync = on
synchronous_commit = on
full_page_writes = on
shared_buffers = $((mebibytes / 4))MB
effective_cache_size = $((mebibytes / 2))MB
work_mem = 32MB
maintenance_work_mem = 512MB
min_wal_size = 2GB
max_wal_size = 8GB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
random_page_cost = 1.1
CONFIGURATION
fi

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

# Every test has a database of its own, which is named for its process: "test_4711_9f3a…". More than a thousand of them would
# fill a small disk, so those whose process has ended are dropped all along.
sweep() {
  local name process
  while sleep 5; do
    "$programs/psql" "$TEST_POSTGRES_URL" --no-psqlrc --tuples-only --no-align \
      --command "SELECT datname FROM pg_database WHERE datname LIKE 'test\_%'" |
      while read -r name; do
        process=${name#test_}
        kill -0 "${process%%_*}" 2>/dev/null || echo "DROP DATABASE IF EXISTS $name WITH (FORCE);"
      done | "$programs/psql" "$TEST_POSTGRES_URL" --no-psqlrc --quiet
  done >>"$folder/sweep.log" 2>&1
}
if [ "$mode" = run ]; then
  sweep &
  sweeper=$!
fi
if [ "$mode" = run-durable ]; then
  # As they stand in its configuration, from the first of those above on.
  settings=$(sed -n '/^fsync = /,$ s/ = /=/p' "$folder/data/postgresql.conf" | paste -sd, | sed 's/,/, /g')
  POSTGRES_SETTINGS="$("$programs/postgres" --version | grep -o '[0-9.]*' | head -n 1) with $settings"
  export POSTGRES_SETTINGS POSTGRES_FOLDER=$folder
fi
# `|| status=` keeps the shell's own exit on errors out of it; the trap cleans up in any case.
status=0
"$@" || status=$?
exit "$status"
