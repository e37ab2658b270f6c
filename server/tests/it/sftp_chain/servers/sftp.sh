#!/usr/bin/env bash
# Runs Debian's OpenSSH server for a test, on a free port of this machine and with keys of its own, until its standard input
# ends. It says where things are in lines NAME=VALUE, of which READY=yes is the last.
#
#   server/tests/it/sftp_chain/servers/sftp.sh CUSTOMER
#
#   a customer's client → sshd's internal-sftp, locked into FOLDER/CUSTOMER → in, check, reports, …
#
# Whoever has the key at KEY comes in as nobody, and finds nothing but the customer's folders. What the portal needs to write
# belongs to whoever started this.
#
# sshd locks somebody in only as root, and so this must be: by itself, or by sudo where that asks for no password. It exits
# with 77 where neither is so. All folders above those it locks into must be root's, so they are not in /tmp.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
customer=$1

if [ "$(id -u)" != 0 ]; then
  if ! sudo -n true 2>/dev/null; then
    echo "sshd must be started as root." >&2
    exit 77
  fi
  exec sudo -n "$0" "$@"
fi

for program in sshd sftp ssh-keygen; do
  if ! command -v "$program" >/dev/null; then
    echo "$program is missing; please run: end2end/setup.sh sftp" >&2
    exit 1
  fi
done

folder=$(mktemp -d "/run/sftp-chain.XXXXXX")
server=

clean_up() {
  if [ -n "$server" ]; then
    kill -TERM "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

free_port() {
  local port
  while true; do
    port=$((20000 + RANDOM % 12000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
}

# Ends the server where this script was killed and could not.
watch_over() {
  setsid bash -c '
    tail --pid="$1" -f /dev/null
    # What has the same number but not its configuration is another.
    if tr "\0" " " <"/proc/$3/cmdline" 2>/dev/null | grep -qF "$2/sshd_config"; then
      kill -TERM "$3"
    fi
    sleep 1
    rm -rf "$2"
  ' watch "$$" "$folder" "$server" </dev/null >/dev/null 2>&1 &
}

# The portal's user, and those who upload.
portal=${SUDO_UID:-0} uploaders=$(id -g nobody)

chmod 755 "$folder"
ssh-keygen -q -t ed25519 -N '' -C 'a test' -f "$folder/host-key"
ssh-keygen -q -t ed25519 -N '' -C 'a customer' -f "$folder/key"
cp "$folder/key.pub" "$folder/keys"
chmod 644 "$folder/keys"
chown "$portal" "$folder/key"

# sshd locks somebody into what root alone writes to; the folders in it are the portal's, and their group's who upload.
mkdir -p "$folder/customers/$customer"
chmod 755 "$folder/customers" "$folder/customers/$customer"
for part in in check; do
  install -d -o "$portal" -g "$uploaders" -m 2770 "$folder/customers/$customer/$part"
done
for part in reports done refused; do
  install -d -o "$portal" -g "$uploaders" -m 2750 "$folder/customers/$customer/$part"
done

port=$(free_port)
cat >"$folder/sshd_config" <<CONFIG
Port $port
ListenAddress 127.0.0.1
HostKey $folder/host-key
PidFile none
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
AuthorizedKeysFile $folder/keys
AllowUsers nobody
StrictModes no
Subsystem sftp internal-sftp
Match User nobody
  ChrootDirectory $folder/customers/$customer
  ForceCommand internal-sftp -u 0022
  DisableForwarding yes
  PermitTTY no
CONFIG

# Where it goes once it has its connection; Debian's service makes it otherwise.
mkdir -p /run/sshd
"$(command -v sshd)" -D -e -f "$folder/sshd_config" </dev/null >"$folder/log" 2>&1 &
server=$!
for _ in $(seq 100); do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    watch_over
    printf '%s=%s\n' FOLDER "$folder/customers" KEY "$folder/key" PORT "$port" READY yes
    # Until whoever started this closes it, or is no more.
    cat >/dev/null
    exit 0
  fi
  kill -0 "$server" 2>/dev/null || break
  sleep 0.1
done
echo "sshd did not start:" >&2
cat "$folder/log" >&2
exit 1
