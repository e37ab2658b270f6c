# Functions that the set-up scripts share, for machines with apt; to be sourced.

log() {
  echo "$*" >&2
}

# The packages among the given ones that are not installed, one a line.
missing_packages() {
  local installed package
  installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
  for package in "$@"; do
    grep -qx "$package installed" <<<"$installed" || echo "$package"
  done
}

# Runs a command as root, or fails where we neither are root nor may become it without a password.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo -n "$@"
  fi
}

can_be_root() {
  [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}

# Installs what is missing of the given packages, or says in one sentence what to run and ends the script.
need_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  if [ "${#missing[@]}" = 0 ]; then
    return 0
  fi
  if ! command -v apt-get >/dev/null; then
    log "Please install what these packages of Debian bring, and run this again: ${missing[*]}"
    exit 1
  fi
  if ! can_be_root; then
    log "Some packages are missing; please run: sudo apt-get install --no-install-recommends ${missing[*]}"
    exit 1
  fi
  log "Installing ${missing[*]}"
  as_root apt-get update -qq >&2
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends --no-remove "${missing[@]}" >&2
}
