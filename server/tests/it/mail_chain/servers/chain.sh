#!/usr/bin/env bash
# Runs mail servers of Debian's packages for a test, in a folder of their own and on free ports of this machine, until its
# standard input ends. It says where they are in lines NAME=VALUE, of which READY=yes is the last.
#
#   server/tests/it/mail_chain/servers/chain.sh MAILBOX...
#
#   mail → Postfix, with rspamd (and unbound for its look-ups) → Dovecot → FOLDER/mail/DOMAIN/NAME/Maildir, and by IMAP
#
# Everybody may sign in with PASSWORD; mail to those who have no mailbox comes back.
#
# Postfix must be started as root, and so this must: by itself, or by sudo where that asks for no password. It exits with 77
# where neither is so. Each program runs as the user of its package; only the first processes of Postfix and Dovecot stay root.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
templates=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

if [ "$(id -u)" != 0 ]; then
  if ! sudo -n true 2>/dev/null; then
    echo "Postfix must be started as root." >&2
    exit 77
  fi
  exec sudo -n --preserve-env=TMPDIR "$0" "$@"
fi

for program in unbound rspamd dovecot postfix swaks openssl; do
  if ! command -v "$program" >/dev/null; then
    echo "$program is missing; please run: end2end/setup.sh mail" >&2
    exit 1
  fi
done

folder=$(mktemp -d "${TMPDIR:-/tmp}/mail-chain.XXXXXX")
running=()

clean_up() {
  stop_all
  rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

stop_all() {
  local process
  for process in "${running[@]}"; do
    kill -TERM "$process" 2>/dev/null || true
  done
  for process in "${running[@]}"; do
    wait "$process" 2>/dev/null || true
  done
  running=()
}

start() {
  local name=$1
  shift
  "$@" </dev/null >"$folder/logs/$name" 2>&1 &
  running+=($!)
}

# The same, as another user.
start_as() {
  local name=$1 user=$2
  shift 2
  start "$name" setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups -- "$@"
}

# Ends all of it where this script was killed and could not.
watch_over() {
  setsid bash -c '
    script=$1 folder=$2
    tail --pid="$script" -f /dev/null
    for process in "${@:3}"; do
      # What has the same number but not its log is another.
      if [[ $(readlink "/proc/$process/fd/1") == "$folder"/* ]]; then
        kill -TERM "$process"
      fi
    done
    sleep 1
    rm -rf "$folder"
  ' watch "$$" "$folder" "${running[@]}" </dev/null >/dev/null 2>&1 &
}

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

# Writes a configuration file from its template.
configure() {
  local name value expressions=()
  for name in FOLDER MX PASSWORD MAIL_USER MAIL_GROUP DKIM_KEY DNS_PORT SMTP_PORT SUBMISSION_PORT IMAPS_PORT; do
    value=${!name}
    expressions+=(-e "s|@$name@|${value//&/\\&}|g")
  done
  sed "${expressions[@]}" "$templates/$1" >"$2"
}

# An authority of its own and a certificate for the servers, which programs trust by SSL_CERT_FILE.
make_certificate() {
  (
    cd "$folder"
    printf '[req]\ndistinguished_name=name\n[name]\n[ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n[server]\nbasicConstraints=CA:FALSE\nsubjectAltName=DNS:localhost,DNS:%s,IP:127.0.0.1\n' "$MX" >openssl.cnf
    new_key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -config openssl.cnf)
    openssl req -x509 "${new_key[@]}" -keyout ca.key -out ca.pem -subj '/CN=Test authority' -extensions ca
    openssl req -x509 "${new_key[@]}" -keyout certificate.key -out certificate.pem -subj "/CN=$MX" -extensions server \
      -CA ca.pem -CAkey ca.key
  ) 2>"$folder/logs/openssl"
}

# A key by which mail from elsewhere is signed; in the DNS it stands in pieces of 255 signs at most.
make_dkim_key() {
  openssl genrsa -out "$folder/dkim.key" 2048 2>>"$folder/logs/openssl"
  DKIM_KEY=\"v=DKIM1\;\ p=$(openssl rsa -in "$folder/dkim.key" -pubout -outform DER 2>/dev/null | base64 -w 200 | sed 's/$/"/; 2,$ s/^/"/' | paste -sd ' ')
}

is_there() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

all_are_there() {
  [ -S "$folder/rspamd/milter" ] && [ -S "$folder/dovecot/run/lmtp" ] && [ -S "$folder/dovecot/run/postfix" ] &&
    is_there "$DNS_PORT" && is_there "$IMAPS_PORT" && is_there "$SMTP_PORT" && is_there "$SUBMISSION_PORT"
}

all_are_running() {
  local process
  for process in "${running[@]}"; do
    kill -0 "$process" 2>/dev/null || return 1
  done
}

start_all() {
  DNS_PORT=$(free_port) SMTP_PORT=$(free_port) SUBMISSION_PORT=$(free_port) IMAPS_PORT=$(free_port)
  configure unbound.conf "$folder/unbound/unbound.conf"
  configure rspamd.conf "$folder/rspamd/rspamd.conf"
  configure dovecot.conf "$folder/dovecot/dovecot.conf"
  configure main.cf "$folder/postfix/main.cf"
  configure master.cf "$folder/postfix/master.cf"
  rm -f "$folder/rspamd/milter" "$folder/dovecot/run/lmtp" "$folder/dovecot/run/postfix"

  start_as unbound unbound unbound -d -c "$folder/unbound/unbound.conf"
  start_as rspamd _rspamd rspamd -f -c "$folder/rspamd/rspamd.conf"
  start dovecot dovecot -F -c "$folder/dovecot/dovecot.conf"
  start postfix /usr/lib/postfix/sbin/master -c "$folder/postfix" -d
  local attempt
  for attempt in $(seq 300); do
    if all_are_there; then
      return 0
    fi
    all_are_running || break
    sleep 0.1
  done
  return 1
}

FOLDER=$folder MX=mx.health.example PASSWORD=correct-horse-battery
# Whoever started this reads the mail.
MAIL_USER=${SUDO_UID:-$(id -u nobody)} MAIL_GROUP=${SUDO_GID:-$(id -g nobody)}
chmod 755 "$folder"
mkdir -p "$folder"/{logs,unbound,rspamd,mail,dovecot/run,dovecot/state,postfix/data}
mkdir -p "$folder"/postfix/queue/{active,bounce,corrupt,defer,deferred,flush,hold,incoming,maildrop,pid,private,public,saved,trace}
chown _rspamd "$folder/rspamd"
for mailbox in "$@"; do
  echo "$mailbox::::::" >>"$folder/dovecot/mailboxes"
  mkdir -p "$folder/mail/${mailbox#*@}/${mailbox%@*}/Maildir"/{cur,new,tmp}
done
chown -R "$MAIL_USER:$MAIL_GROUP" "$folder/mail"
chown postfix "$folder"/postfix/{data,queue/{active,bounce,corrupt,defer,deferred,flush,hold,incoming,private,saved,trace}}
chown postfix:postdrop "$folder"/postfix/queue/{maildrop,public}
chmod 730 "$folder/postfix/queue/maildrop"
chmod 710 "$folder/postfix/queue/public"
# The owners of addresses, where they are not called like the address: an alias.
cat >"$folder/postfix/logins" <<LOGINS
d.connors@health.example dana.connors@health.example
LOGINS
# Everybody owns their address, with any tag behind a plus sign.
cat >"$folder/postfix/own-addresses" <<'LOGINS'
/^([^+@]+)(\+[^@]*)?@(health\.example)$/ ${1}@${3}
LOGINS
cat >"$folder/postfix/odd-senders" <<'SENDERS'
/[()"\\;,[:space:]]/ REJECT
SENDERS
echo example >"$folder/rspamd/suffixes"
make_certificate
make_dkim_key
# Nothing else is signed with it.
chmod 644 "$folder/dkim.key"

started=no
for attempt in 1 2 3; do
  if start_all; then
    started=yes
    break
  fi
  stop_all
done
if [ "$started" = no ]; then
  echo "The mail servers did not start:" >&2
  tail -n 20 "$folder"/logs/* "$folder/postfix/log" >&2 || true
  exit 1
fi

watch_over
printf '%s=%s\n' FOLDER "$folder" PASSWORD "$PASSWORD" SMTP_PORT "$SMTP_PORT" SUBMISSION_PORT "$SUBMISSION_PORT" \
  IMAPS_PORT "$IMAPS_PORT" CERTIFICATE "$folder/ca.pem" DKIM_KEY "$folder/dkim.key" READY yes
# Until whoever started this closes it, or is no more.
cat >/dev/null
