#!/usr/bin/env bash
# Starts a built server on a fresh database and measures it: `make bench`, `make load-sign-in`.
#
#   end2end/bench.sh [SCRIPT]      bench.mjs where none is named; SERVER names another program than that of RELEASE=1
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=$(mktemp -d)
export PORTAL_ADDRESS=127.0.0.1:4998 PORTAL_METRICS_ADDRESS=127.0.0.1:4996
export PORTAL_DATABASE_URL=${PORTAL_DATABASE_URL:-sqlite://$folder/portal.db?mode=rwc}
export PORTAL_DEVELOPMENT=true PORTAL_SECOND_FACTOR=optional PORTAL_MAIL_DOMAIN=health.example PORTAL_SEED_PASSWORD=correct-horse-battery
export PORTAL_SITE_ROOT=${CARGO_TARGET_DIR:-target}/site PORTAL_LOG=warn PORTAL_MAIL_FOLDER=$folder/mail
# What measures is one person at one address, and in more haste than any.
export PORTAL_REQUESTS_PER_MINUTE=0 PORTAL_ADDRESS_REQUESTS_PER_MINUTE=0
server=${SERVER:-${CARGO_TARGET_DIR:-target}/release/server}

"$server" seed >/dev/null
"$server" serve &
pid=$!
trap 'kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; rm -rf "$folder"' EXIT
for _ in $(seq 100); do
  if curl -sf "http://$PORTAL_ADDRESS/readyz" >/dev/null; then
    break
  fi
  sleep 0.1
done
BASE_URL=http://$PORTAL_ADDRESS node "end2end/${1:-bench.mjs}"
