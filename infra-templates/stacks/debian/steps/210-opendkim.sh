#!/usr/bin/env bash
# OpenDKIM: one key per domain and selector, several loaded, the newest signs.
# In: its files. Needs: 020-packages. Undo: systemctl disable --now opendkim
set -euo pipefail
# shellcheck source=../../../host/step.sh
source "$(dirname "$0")/step.sh"
# shellcheck source=../../../steps/facts.sh
source "$(dirname "$0")/facts.sh"

KEYS=/etc/opendkim/keys

probe() {
  local domain selector key
  expect_files
  while IFS=: read -r domain selector key; do
    domain=${domain##* }
    [[ -e $key ]] || continue
    openssl pkey -in "$key" -noout 2>/dev/null || finds DRIFT "the key of $selector._domainkey.$domain cannot be read"
  done < <(grep -v '^#' /etc/opendkim/KeyTable 2>/dev/null || true)
  expect_unit opendkim
  if [[ $verdict_state == OK ]]; then port_open 8891 || finds DRIFT "nothing listens on 127.0.0.1:8891"; fi
  verdict "signs for: $(awk '!/^#/ { print $1 }' /etc/opendkim/SigningTable 2>/dev/null | xargs)"
}

apply() {
  local complaint
  # The files name their owner, so the directory of keys is made first: nobody else looks into it.
  install -d -o root -g opendkim -m 0750 $KEYS
  change_files
  complaint=$(opendkim -n -x /etc/opendkim.conf 2>&1) || give_up broken "opendkim refuses its configuration: $complaint"
  # A reload (SIGUSR1) reads the tables again but keeps socket and modes; restarting takes as long.
  run_unit opendkim
  until_true 10 port_open 8891 || give_up broken "opendkim does not listen on 127.0.0.1:8891"
}

run_step "$@"
