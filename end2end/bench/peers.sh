#!/usr/bin/env bash
# The same files through django-import-export and through the portal, and the same SCIM requests to django-scim2, to SCIMMY
# and to the portal, side by side: `make bench-peers`.
#
#   PEER_ROWS      how many rows ("10000 150000")
#   PEER_SECONDS   what django-import-export is given for each size (3600)
#   PEERS          "files sync", or one of them
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

target=${CARGO_TARGET_DIR:-target}
for part in ${PEERS:-files sync}; do
  case $part in
    files)
      environment=$target/peers
      if ! "$environment/bin/python" -c 'import django, import_export' 2>/dev/null; then
        python3 -m venv "$environment"
        "$environment/bin/python" -m pip install --quiet 'django-import-export==4.4.3' 'Django~=5.2.0'
      fi
      PEER_PYTHON=$(cd "$environment" && pwd)/bin/python PYTHONDONTWRITEBYTECODE=1 PEOPLE=0 end2end/bench/portal.sh peers.mjs
      ;;
    sync)
      environment=$target/peers-sync
      if ! "$environment/bin/python" -c 'import django_scim, gunicorn' 2>/dev/null; then
        python3 -m venv "$environment"
        "$environment/bin/python" -m pip install --quiet 'django-scim2==0.23.0' 'Django~=5.2.0' 'gunicorn==27.0.1'
      fi
      if ! [ -d "$environment/node_modules/scimmy-routers" ]; then
        npm install --prefix "$environment" --ignore-scripts --no-audit --no-fund --silent \
          scimmy@1.3.5 scimmy-routers@1.3.2 express@5.3.0
      fi
      PEER_FOLDER=$(cd "$environment" && pwd) PYTHONDONTWRITEBYTECODE=1 \
        PEOPLE=10000 ORGANISATIONS=100 CONNECTORS=8 end2end/bench/portal.sh sync-peers.mjs
      ;;
    *) echo "There is nothing called $part to measure beside." >&2 && exit 2 ;;
  esac
done
