#!/usr/bin/env bash
# Postfix: takes mail on 25, logins on 587 and 465, relays for nobody.
# In: FQDN, its files. Needs: 210-opendkim, 220-mta-sts, 240-tls, 230-mailboxes, 250-dovecot.
# Undo: systemctl disable --now postfix
set -euo pipefail
# shellcheck source=../../../host/step.sh
source "$(dirname "$0")/step.sh"
# shellcheck source=../../../steps/facts.sh
source "$(dirname "$0")/facts.sh"

INSTANCE=postfix@-.service

# Neither on its way up nor down: a start or stop that was asked for goes on when its asker is killed.
settled() { [[ -z $(systemctl show -P Job $INSTANCE) && $(systemctl show -P ActiveState $INSTANCE) =~ ^(active|inactive|failed)$ ]]; }

greets() { [[ "$(greeting 25)$(greeting 587)" == "220 $FQDN"*"220 $FQDN"* ]]; }
expect_setting() { expect_value "postfix $1" "${settings[$1]:-}" "$2"; }

probe() {
  local line name value warnings
  local -A settings=()
  expect_files
  expect_unit postfix
  if [[ $verdict_state == OK ]]; then
    systemctl is-active --quiet $INSTANCE || finds DRIFT "$INSTANCE is not running"
    warnings=$(postconf -n 2>&1 >/dev/null | head -n 3)
    [[ -z $warnings ]] || finds DRIFT "$warnings"
    # What decides who may relay and who may log in, as Postfix itself reads it.
    while IFS= read -r line; do
      name=${line%% =*}
      value=${line#*=}
      settings[$name]=${value# }
    done < <(postconf myhostname mynetworks smtpd_relay_restrictions smtpd_tls_auth_only smtpd_sasl_auth_enable milter_default_action 2>/dev/null)
    expect_setting myhostname "$FQDN"
    expect_setting mynetworks "127.0.0.0/8"
    expect_setting smtpd_relay_restrictions "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination"
    expect_setting smtpd_tls_auth_only yes
    expect_setting smtpd_sasl_auth_enable no
    expect_setting milter_default_action tempfail
    line=$(greeting 25)
    [[ $line == "220 $FQDN ESMTP"* ]] || finds DRIFT "port 25 says \"${line:0:60}\""
    line=$(greeting 587)
    [[ $line == "220 $FQDN ESMTP"* ]] || finds DRIFT "port 587 says \"${line:0:60}\""
    line=$(printf 'QUIT\r\n' | timeout 5 openssl s_client -quiet -connect 127.0.0.1:465 2>/dev/null | head -n 1 || true)
    [[ $line == "220 $FQDN ESMTP"* ]] || finds DRIFT "port 465 says \"${line:0:60}\" over TLS"
  fi
  verdict "220 $FQDN ESMTP on 25, 587 and 465"
}

apply() {
  local complaint
  need_free_mib /var/spool 100
  # Another mail server keeps its port: it is the owner's, and two cannot share it.
  until_true 60 settled || give_up broken "$INSTANCE neither starts nor stops: $(journalctl -q -u $INSTANCE -n 3 -o cat --no-pager)"
  if ! systemctl is-active --quiet $INSTANCE && port_open 25; then
    give_up foreign-mail "port 25 is taken by another program: $(greeting 25). Nothing of it was touched."
  fi
  change_files
  settled_for_postfix /etc/postfix/main.cf
  complaint=$(postconf -n 2>&1 >/dev/null)
  [[ -z $complaint ]] || give_up broken "postfix refuses its configuration: ${complaint:0:300}"
  unmask_postfix_generator
  run_unit postfix reload
  # postfix.service is only a bracket, which learns of its instance at the next boot or daemon-reload.
  systemctl is-active --quiet $INSTANCE || systemctl start $INSTANCE || unit_failed $INSTANCE
  until_true 5 greets || systemctl restart $INSTANCE # held back after an error that is gone by now
  until_true 10 greets || give_up broken "postfix does not greet on 25 and 587: $(journalctl -q -u $INSTANCE -n 3 -o cat --no-pager)"
}

run_step "$@"
