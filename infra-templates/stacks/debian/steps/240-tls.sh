#!/usr/bin/env bash
# The certificate of mail and web. The key goes before the chain; both are renamed into place.
# In: FQDN, its files (key, then chain). Needs: nothing. Undo: rm -r /etc/ssl/penguin
set -euo pipefail
# shellcheck source=../../../host/step.sh
source "$(dirname "$0")/step.sh"
# shellcheck source=../../../steps/facts.sh
source "$(dirname "$0")/facts.sh"

KEY=/etc/ssl/penguin/mail.key
CHAIN=/etc/ssl/penguin/mail.fullchain.pem

pair_is_one() { [[ "$(openssl pkey -in $KEY -pubout 2>/dev/null)" == "$(openssl x509 -in $CHAIN -noout -pubkey 2>/dev/null)" ]]; }
fingerprint() { openssl x509 -noout -fingerprint -sha256 2>/dev/null | cut -d= -f2; }
# served PORT: fingerprint of the certificate a local port shows.
served() { timeout 5 openssl s_client -connect "127.0.0.1:$1" -servername "$FQDN" </dev/null 2>/dev/null | fingerprint || true; }
shows_ours() { [[ "$(served "$1")" == "$(fingerprint <$CHAIN)" ]]; }

# The programs that are up show what is on disk; those not set up yet show nothing. Asked beside each
# other: a handshake takes longer than all the rest of a probe.
expect_served() {
  local smtp imap
  exec {smtp}< <(shown_by 'postfix@-.service' 465) {imap}< <(shown_by dovecot 993)
  expect_ours 465 "$(cat <&"$smtp")"
  expect_ours 993 "$(cat <&"$imap")"
  exec {smtp}<&- {imap}<&-
}
shown_by() { if systemctl is-active --quiet "$1"; then served "$2"; else echo "nothing yet"; fi; } # UNIT PORT
expect_ours() { # PORT SHOWN
  [[ $2 == "nothing yet" || $2 == "$(fingerprint <$CHAIN)" ]] || finds DRIFT "port $1 shows another certificate (${2:-none})"
}

probe() {
  expect_files
  if [[ -e $KEY && -e $CHAIN ]]; then
    pair_is_one || finds DRIFT "key and chain do not belong together"
    openssl x509 -in $CHAIN -noout -checkend 0 >/dev/null 2>&1 || finds DRIFT "the certificate has expired"
    openssl x509 -in $CHAIN -noout -checkhost "$FQDN" 2>/dev/null | grep -q 'does match' || finds DRIFT "the certificate is not for $FQDN"
    if [[ $verdict_state == OK ]]; then expect_served; fi
  fi
  verdict "$FQDN until $(openssl x509 -in $CHAIN -noout -enddate 2>/dev/null | cut -d= -f2)"
}

apply() {
  local unit
  change_files
  pair_is_one || give_up broken "key and chain of the certificate for $FQDN do not belong together"
  for unit in dovecot nginx 'postfix@-.service'; do
    # Not yet set up: its own step starts it with this certificate.
    if systemctl is-active --quiet "$unit"; then systemctl reload "$unit" || give_up broken "$unit did not take the new certificate"; fi
  done
  # A reload returns before the program listens again.
  if systemctl is-active --quiet 'postfix@-.service'; then until_true 10 shows_ours 465 || give_up broken "port 465 does not show the new certificate"; fi
  if systemctl is-active --quiet dovecot; then until_true 10 shows_ours 993 || give_up broken "port 993 does not show the new certificate"; fi
}

run_step "$@"
