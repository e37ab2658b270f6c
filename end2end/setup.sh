#!/usr/bin/env bash
# Brings what the tests need besides the compiler, as far as it is missing:
#
#   end2end/setup.sh [style] [browser] [java] [postgres] [judges] [mail] [sftp]      all of them where none is named
#
#   style     nhsuk-frontend, from the npm registry
#   browser   Playwright and the HTML checker from the npm registry, SQLite's shell and Chromium from Debian, unless
#             CHROMIUM names one
#   java      a Java runtime, which the HTML checker runs on
#   postgres  PostgreSQL's server programs
#   judges    Programs of others that try the SCIM service out, from Python's registry, in environments of their own
#   mail      Mail servers, and what sends mail to them, of which nothing is started
#   sftp      OpenSSH's server, which is not started either, and its client
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source frontend/setup/debian.sh

need_node() {
  if ! command -v npm >/dev/null; then
    log "Please install Node.js 20 or later, with npm."
    exit 1
  fi
}

# Installs a folder's packages, where that has not been done since its lock file last changed.
install_from_lock() {
  if [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ]; then
    return 0
  fi
  need_node
  # Packages' own scripts would download a browser and a Java runtime, from elsewhere than the registry.
  npm ci --ignore-scripts --prefix "$1" --no-progress >&2
  touch "$1/node_modules/.package-lock.json"
}

style() {
  install_from_lock style
}

browser() {
  need_node
  install_from_lock end2end
  # By which tests let a session end.
  command -v sqlite3 >/dev/null || need_packages sqlite3
  if [ -n "${CHROMIUM:-}" ]; then
    if ! [ -x "$CHROMIUM" ]; then
      log "CHROMIUM names $CHROMIUM, which cannot be run."
      exit 1
    fi
  elif ! [ -x /usr/bin/chromium ] || { can_be_root && command -v apt-get >/dev/null; }; then
    # Chromium without its windows: the tests take less than half the time.
    need_packages chromium-headless-shell
  fi
}

java_runtime() {
  if ! command -v java >/dev/null; then
    need_packages default-jre-headless
  fi
}

postgres() {
  if command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then
    return 0
  fi
  if can_be_root && command -v apt-get >/dev/null; then
    # The tests start clusters of their own; the package's would only take memory and a port.
    need_packages postgresql-common
    as_root sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
  fi
  need_packages postgresql
}

# Two environments, because the two need different versions of one library.
judges() {
  local folder=${CARGO_TARGET_DIR:-target}/judges
  into_environment "$folder/compliance" end2end/judges/requirements.txt
  into_environment "$folder/provider" end2end/judges/requirements-provider.txt
}

mail() {
  local packages=(postfix dovecot-imapd dovecot-lmtpd rspamd unbound swaks libnet-ssleay-perl) new
  if [ -z "$(missing_packages "${packages[@]}")" ]; then
    return 0
  fi
  if ! can_be_root || ! command -v apt-get >/dev/null; then
    need_packages "${packages[@]}"
  fi
  # The tests start servers of their own, with their own configuration; the packages' would only open ports.
  mapfile -t new < <(missing_packages postfix dovecot-core rspamd unbound)
  echo 'postfix postfix/main_mailer_type select No configuration' | as_root debconf-set-selections
  without_starting need_packages "${packages[@]}"
  if command -v systemctl >/dev/null; then
    as_root systemctl --quiet disable "${new[@]/dovecot-core/dovecot}" || true
  fi
}

sftp() {
  local packages=(openssh-server openssh-client) new
  if [ -z "$(missing_packages "${packages[@]}")" ]; then
    return 0
  fi
  if ! can_be_root || ! command -v apt-get >/dev/null; then
    need_packages "${packages[@]}"
  fi
  # A server that is here already is somebody's; a new one would only open a port.
  new=$(missing_packages openssh-server)
  without_starting need_packages "${packages[@]}"
  if [ -n "$new" ] && command -v systemctl >/dev/null; then
    as_root systemctl --quiet disable ssh || true
  fi
}

# Runs a command while packages start no services.
without_starting() {
  local policy=/usr/sbin/policy-rc.d status=0
  if [ -e "$policy" ]; then
    # Somebody has said already what starts here.
    "$@"
    return
  fi
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
  ("$@") || status=$?
  as_root rm -f "$policy"
  return "$status"
}

# Installs what a file names, where that has not been done since the file last changed.
into_environment() {
  if cmp -s "$2" "$1/installed.txt"; then
    return 0
  fi
  command -v python3 >/dev/null || need_packages python3
  # Debian has it apart.
  python3 -c 'import ensurepip' 2>/dev/null || need_packages python3-venv
  rm -rf "$1"
  python3 -m venv "$1"
  "$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --requirement "$2" >&2
  cp "$2" "$1/installed.txt"
}

for part in "${@:-all}"; do
  case "$part" in
    style | browser | postgres | judges | mail | sftp) "$part" ;;
    java) java_runtime ;;
    all)
      style
      browser
      java_runtime
      postgres
      judges
      mail
      sftp
      ;;
    *)
      log "There is no part \"$part\": end2end/setup.sh [style] [browser] [java] [postgres] [judges] [mail] [sftp]"
      exit 1
      ;;
  esac
done
