#!/usr/bin/env bash
# Serves a freshly seeded portal for the end-to-end tests, from a database that lives as long as the run. Ports and
# folder are those of end2end/tests/support/run.ts, which playwright.config.ts hands over.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=${CARGO_TARGET_DIR:-target}
folder=${END2END_FOLDER:?is not set; run the tests by: npx playwright test}
server=$target/debug/server

if ! [ -x "$server" ] || ! [ -e "$target/debug/hash.txt" ]; then
  echo "Nothing to serve: run end2end/test.sh, or build the server and then the browser's part." >&2
  exit 1
fi

rm -rf "$folder"
mkdir -p "$folder" "$folder"/inbox/{tmp,new,cur} "$folder/change-files"

export PORTAL_DATABASE_URL="sqlite://$folder/portal.db?mode=rwc"
export PORTAL_ADDRESS=127.0.0.1:$END2END_PORTAL
export PORTAL_METRICS_ADDRESS=127.0.0.1:$END2END_METRICS
export PORTAL_URL=http://localhost:$END2END_PORTAL
export PORTAL_MAIL_DOMAIN=health.example
export PORTAL_MAIL_FOLDER=$folder/mail
export PORTAL_DEVELOPMENT=true
export PORTAL_SECOND_FACTOR=optional
# Files by email: tests/support/mail.ts puts them here. The daily run is hours away in the United Kingdom, whose clocks are
# at most an hour ahead, so that none begins in the middle of a test.
case $(date -u +%H) in
  2[0-3]) run_at=11:59 ;;
  *) run_at=23:59 ;;
esac
export PORTAL_EMAIL_MAILDIR=$folder/inbox PORTAL_EMAIL_AUTHSERV_IDS=mx.health.example
export PORTAL_EMAIL_POLL_SECONDS=1 PORTAL_EMAIL_RUN_AT=$run_at
# Change files: tests/change-files.spec.ts puts them here, each at once.
export PORTAL_CHANGE_FILES_FOLDER=$folder/change-files
export PORTAL_CHANGE_FILES_POLL_SECONDS=1 PORTAL_CHANGE_FILES_SETTLE_SECONDS=0
# As end2end/provider.mjs is started by playwright.config.ts.
export PORTAL_OPENID_ISSUER=http://127.0.0.1:$END2END_PROVIDER
export PORTAL_OPENID_CLIENT=portal PORTAL_OPENID_SECRET=known-to-both PORTAL_OPENID_NAME='Federation ID'
# So that tests can come from networks of their own.
export PORTAL_TRUSTED_PROXIES=127.0.0.0/8,::1
# The tests may take longer than a proof stays fresh.
export PORTAL_FRESH_MINUTES=120
export PORTAL_SEED_PASSWORD=${SEED_PASSWORD:-correct horse battery}
export PORTAL_SITE_ROOT=$target/site
# Journeys press faster than people, all from one address.
export PORTAL_REQUESTS_PER_MINUTE=60000 PORTAL_REQUESTS_BURST=2000
export PORTAL_ADDRESS_REQUESTS_PER_MINUTE=60000 PORTAL_ADDRESS_REQUESTS_BURST=2000

"$server" migrate
"$server" seed
exec "$server" serve >"$folder/server.log" 2>&1
