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
SITE=/etc/nginx/sites-enabled/penguin.conf

# What is asked about the pair costs a start of openssl each time, so it is asked at once. The names are
# openssl's: a public key, notAfter=..., "Hostname ... does match certificate".
about_chain() { openssl x509 -in $CHAIN -noout -pubkey -enddate -checkhost "$FQDN" 2>/dev/null || true; }
pair_is_one() { # ABOUT
  local key
  key=$(openssl pkey -in $KEY -pubout 2>/dev/null) && [[ -n $key && $1 == *"$key"* ]]
}

# The first certificate of what is read, without line ends.
leaf() { awk '/BEGIN CERTIFICATE/ { on = 1; next } /END CERTIFICATE/ { exit } on { printf "%s", $0 }'; }
served() { # PORT
  local name=$FQDN
  if [[ $1 == 443 ]]; then name=$(awk '$1 == "server_name" { sub(";", ""); print $2; exit }' $SITE); fi
  timeout 5 openssl s_client -connect "127.0.0.1:$1" -servername "$name" </dev/null 2>/dev/null | leaf || true
}
shows_ours() { [[ "$(served "$1")" == "$(leaf <$CHAIN)" ]]; } # PORT

# Ports of the programs that are up; those not set up yet show nothing.
serving_ports() {
  if systemctl is-active --quiet 'postfix@-.service'; then echo 465; fi
  if systemctl is-active --quiet dovecot; then echo 993; fi
  if [[ -e $SITE ]] && systemctl is-active --quiet nginx; then echo 443; fi
}

# Asked beside each other: a handshake takes longer than all the rest of a probe.
expect_served() {
  local port ours shown fd
  local -A answers=()
  ours=$(leaf <$CHAIN)
  for port in $(serving_ports); do
    exec {fd}< <(served "$port")
    answers[$port]=$fd
  done
  for port in "${!answers[@]}"; do
    shown=$(cat <&"${answers[$port]}")
    fd=${answers[$port]}
    exec {fd}<&-
    if [[ -z $shown ]]; then finds DRIFT "port $port shows no certificate"
    elif [[ $shown != "$ours" ]]; then finds DRIFT "port $port shows another certificate"; fi
  done
}

probe() {
  local about=''
  expect_files
  if [[ -e $KEY && -e $CHAIN ]]; then
    about=$(about_chain)
    pair_is_one "$about" || finds DRIFT "key and chain do not belong together"
    openssl x509 -in $CHAIN -noout -checkend 0 >/dev/null 2>&1 || finds DRIFT "the certificate has expired"
    [[ $about == *"does match"* ]] || finds DRIFT "the certificate is not for $FQDN"
    if [[ $verdict_state == OK ]]; then expect_served; fi
  fi
  verdict "$FQDN until $(sed -n 's/^notAfter=//p' <<<"$about")"
}

apply() {
  local unit port
  change_files
  pair_is_one "$(about_chain)" || give_up broken "key and chain of the certificate for $FQDN do not belong together"
  for unit in dovecot nginx 'postfix@-.service'; do
    # Not yet set up: its own step starts it with this certificate.
    if systemctl is-active --quiet "$unit"; then systemctl reload "$unit" || give_up broken "$unit did not take the new certificate"; fi
  done
  # A reload returns before the program listens again.
  for port in $(serving_ports); do
    until_true 10 shows_ours "$port" || give_up broken "port $port does not show the new certificate"
  done
}

run_step "$@"
