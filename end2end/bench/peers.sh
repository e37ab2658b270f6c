#!/usr/bin/env bash
# The same files through django-import-export and through the portal, side by side: `make bench-peers`.
#
#   PEER_ROWS      how many rows ("10000 150000")
#   PEER_SECONDS   what django-import-export is given for each size (3600)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

environment=${CARGO_TARGET_DIR:-target}/peers
if ! "$environment/bin/python" -c 'import django, import_export' 2>/dev/null; then
  python3 -m venv "$environment"
  "$environment/bin/python" -m pip install --quiet 'django-import-export==4.4.3' 'Django~=5.2.0'
fi
PEER_PYTHON=$(cd "$environment" && pwd)/bin/python PYTHONDONTWRITEBYTECODE=1 PEOPLE=0 end2end/bench/portal.sh peers.mjs
