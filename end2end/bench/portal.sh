#!/usr/bin/env bash
# Starts a built server on a fresh database and measures it with scripts of this folder:
#
#   end2end/bench/portal.sh SCRIPT...
#
#   DATABASE                SQLite, or PostgreSQL within `server/testkit/postgres.sh run-durable`
#   PEOPLE, ORGANISATIONS   a made-up federation beside the demonstration; none where it is not said
#   CONNECTORS              how many of its organisations are fed by a program; none where it is not said
#   SENDERS                 how many of them send their files by email; none where it is not said
#   CUSTOMERS               how many of them are customers that send change files; none where it is not said
#   SERVER                  another program than that of RELEASE=1
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

target=${CARGO_TARGET_DIR:-target}
server=${SERVER:-$target/release/server}
mkdir -p "$target"
folder=$(cd "$(mktemp -d "$target/bench.XXXXXX")" && pwd)
pid=
clean_up() {
  if [ -n "$pid" ]; then kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; fi
  rm -rf "$folder"
}
trap clean_up EXIT

export DATABASE=${DATABASE:-SQLite} FIGURES=${FIGURES:-$folder/figures.jsonl}
if [ "$DATABASE" = PostgreSQL ]; then
  export PORTAL_DATABASE_URL=$TEST_POSTGRES_URL
else
  export PORTAL_DATABASE_URL="sqlite://$folder/portal.db?mode=rwc"
fi
export PORTAL_ADDRESS=127.0.0.1:4898 PORTAL_METRICS_ADDRESS=127.0.0.1:4896 BASE_URL=http://127.0.0.1:4898
export PORTAL_DEVELOPMENT=true PORTAL_SECOND_FACTOR=optional PORTAL_MAIL_DOMAIN=health.example
export PORTAL_SEED_PASSWORD=correct-horse-battery PORTAL_SITE_ROOT=$target/site PORTAL_LOG=warn
export PORTAL_MAIL_FOLDER=$folder/mail
# The run is begun by the script that measures it.
export PORTAL_EMAIL_MAILDIR=$folder/inbox PORTAL_EMAIL_AUTHSERV_IDS=mx.health.example PORTAL_EMAIL_POLL_SECONDS=1
# What is dropped in a folder is moved there whole, so that it need not stand still for long.
export PORTAL_CHANGE_FILES_FOLDER=$folder/change-files
export PORTAL_CHANGE_FILES_POLL_SECONDS=1 PORTAL_CHANGE_FILES_SETTLE_SECONDS=1
mkdir -p "$PORTAL_CHANGE_FILES_FOLDER"
mkdir -p "$folder/inbox/new" "$folder/inbox/cur" "$folder/inbox/tmp"
# What measures is a few people at one address, in more haste than any, and with files that change very much.
export PORTAL_REQUESTS_PER_MINUTE=0 PORTAL_ADDRESS_REQUESTS_PER_MINUTE=0 PORTAL_SYNC_REQUESTS_PER_SECOND=0
export PORTAL_THRESHOLD_ACCOUNTS=1000000 PORTAL_MACHINE_NEW_ACCOUNTS=1000000
export PORTAL_ACCESS_BRAKE_PEOPLE=1000000 PORTAL_ACCESS_BRAKE_PERCENT=100

node end2end/bench/conditions.mjs "${POSTGRES_FOLDER:-$folder}"
began=$SECONDS
told=$("$server" seed --people "${PEOPLE:-0}" --organisations "${ORGANISATIONS:-100}" --connectors "${CONNECTORS:-0}" \
  --senders "${SENDERS:-0}" --customers "${CUSTOMERS:-0}")
# Who manages an ordinary number of people, and how many. Without it nothing could be measured.
found=$(sed -nE 's/.*federation: ([^ ]+) manages ([0-9]+) people.*/\1 \2/p' <<<"$told")
[ -n "$found" ] || [ -z "${PEOPLE:-}" ] || { echo "The seed did not say who manages the made-up federation: $told" >&2; exit 1; }
export SCOPE_ADMINISTRATOR=${found% *} SCOPE_PEOPLE=${found#* }
# A line each: the token, and the codes of the organisations that it feeds; the first feeds all of them.
SYNC_TOKENS=$(sed -n 's/^connector //p' <<<"$told")
export SYNC_TOKENS
# A line each: the address of a sender, and the code of their organisation.
EMAIL_SENDERS=$(sed -n 's/^sender //p' <<<"$told")
# A line each: the number of a customer, its mail domain, and its subscriptions to collaboration, to mail and to both in one.
CHANGE_CUSTOMERS=$(sed -n 's/^customer //p' <<<"$told")
export EMAIL_SENDERS CHANGE_CUSTOMERS SERVER_PROGRAM=$server
echo "$DATABASE: made in $((SECONDS - began)) s" >&2

"$server" serve >"$folder/server.log" 2>&1 &
pid=$!
export SERVER_PID=$pid
for _ in $(seq 300); do
  if curl -sf "$BASE_URL/readyz" >/dev/null; then
    break
  fi
  sleep 0.1
done

status=0
for script in "$@"; do
  if ! node "end2end/bench/$script"; then
    tail -n 20 "$folder/server.log" >&2
    echo "$script was not measured to the end." >&2
    status=1
  fi
done
exit "$status"
