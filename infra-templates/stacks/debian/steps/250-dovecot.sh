#!/usr/bin/env bash
# Dovecot: IMAP over TLS on 993, LMTP and logins for Postfix.
# In: its files. Needs: 240-tls, 230-mailboxes. Undo: systemctl disable --now dovecot
set -euo pipefail
# shellcheck source=../../../host/step.sh
source "$(dirname "$0")/step.sh"
# shellcheck source=../../../steps/facts.sh
source "$(dirname "$0")/facts.sh"

probe() {
  local line settings=()
  expect_files
  expect_unit dovecot
  if [[ $verdict_state == OK ]]; then
    mapfile -t settings < <(doveconf -h ssl protocols login_greeting 2>/dev/null)
    expect_value "dovecot ssl" "${settings[0]:-}" required
    expect_value "dovecot protocols" "$(xargs <<<"${settings[1]:-}")" "imap lmtp"
    line=$(printf "a logout\r\n" | timeout 5 openssl s_client -quiet -connect 127.0.0.1:993 2>/dev/null | head -n 1 || true)
    [[ $line == "* OK "* ]] || finds DRIFT "no IMAP greeting on port 993: \"${line:0:60}\""
    [[ -S /var/spool/postfix/private/dovecot-lmtp && -S /var/spool/postfix/private/auth ]] || finds DRIFT "the sockets for Postfix are missing"
  fi
  verdict "greets on 993: ${settings[2]:-}"
}

apply() {
  local complaint was_down=false
  systemctl is-active --quiet dovecot || was_down=true
  change_files
  complaint=$(doveconf -n 2>&1 >/dev/null) || give_up broken "dovecot refuses its configuration: ${complaint:0:300}"
  # Postfix makes it at its first start, which is later; Dovecot puts its sockets there.
  [[ -d /var/spool/postfix/private ]] || install -d -o postfix -g root -m 0700 /var/spool/postfix/private
  run_unit dovecot reload
  until_true 10 port_open 993 || give_up broken "dovecot does not listen on 993: $(journalctl -q -u dovecot -n 3 -o cat --no-pager)"
  if [[ ! -S /var/spool/postfix/private/auth ]]; then systemctl restart dovecot; fi
  # Without Dovecot smtpd ends at once ("no SASL authentication mechanisms"), and Postfix then holds it
  # back for a minute: only a restart forgets that.
  if $was_down && systemctl is-active --quiet 'postfix@-.service'; then systemctl restart 'postfix@-.service'; fi
}

run_step "$@"
