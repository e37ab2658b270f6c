#!/usr/bin/env bash
# Measures the portal as it is shipped, in a directory of a country's size, on both databases, and prints one table.
#
#   PEOPLE, ORGANISATIONS   how many (1,500,000 in 15,000)
#   ROWS                    rows of the large file (150,000)
#   CONNECTORS              programs that feed an organisation each (40)
#   SENDERS                 organisations that send a file each by email on one evening (2,000)
#   CUSTOMERS               organisations that send a change file each (1)
#   DATABASES               "SQLite PostgreSQL", or one of them
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

export PEOPLE=${PEOPLE:-1500000} ORGANISATIONS=${ORGANISATIONS:-15000} ROWS=${ROWS:-150000}
export CONNECTORS=${CONNECTORS:-40} SENDERS=${SENDERS:-2000} CUSTOMERS=${CUSTOMERS:-1}
FIGURES=$(mktemp)
export FIGURES
trap 'rm -f "$FIGURES"' EXIT
scripts=(forms.mjs pages.mjs browser.mjs sync.mjs uploads.mjs email.mjs change-files.mjs many-change-files.mjs)
status=0
for DATABASE in ${DATABASES:-SQLite PostgreSQL}; do
  export DATABASE
  case $DATABASE in
    SQLite) end2end/bench/portal.sh "${scripts[@]}" || status=1 ;;
    PostgreSQL) server/testkit/postgres.sh run-durable end2end/bench/portal.sh "${scripts[@]}" || status=1 ;;
    *) echo "There is no database called $DATABASE." >&2 && exit 2 ;;
  esac
done
node end2end/bench/table.mjs
exit "$status"
