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

# The programs that are up show what is on disk; those not set up yet show nothing.
expect_served() {
  local wanted shown
  wanted=$(fingerprint <$CHAIN)
  if systemctl is-active --quiet 'postfix@-.service'; then
    shown=$(served 465)
    [[ $shown == "$wanted" ]] || finds DRIFT "port 465 shows another certificate (${shown:-none})"
  fi
  if systemctl is-active --quiet dovecot; then
    shown=$(served 993)
    [[ $shown == "$wanted" ]] || finds DRIFT "port 993 shows another certificate (${shown:-none})"
  fi
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
