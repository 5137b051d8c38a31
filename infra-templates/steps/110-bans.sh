#!/usr/bin/env bash
# fail2ban on the journal: those who guess passwords of SSH, SMTP and IMAP are shut out.
# In: JAILS (blank-separated), its files. Needs: 020-packages, 060-journal. Undo: systemctl disable --now fail2ban
set -euo pipefail
# shellcheck source=../host/step.sh
source "$(dirname "$0")/step.sh"
# shellcheck source=facts.sh
source "$(dirname "$0")/facts.sh"

answers() { fail2ban-client ping >/dev/null 2>&1; }

probe() {
  local jails jail
  expect_files
  expect_unit fail2ban
  if [[ $verdict_state == OK ]]; then
    jails=$(timeout 10 fail2ban-client status 2>/dev/null | sed -n 's/.*Jail list:[[:space:]]*//p')
    # shellcheck disable=SC2153 # an input
    for jail in $JAILS; do
      [[ ", $jails," == *" $jail,"* ]] || finds DRIFT "jail $jail is not running"
    done
  fi
  verdict "jails are running: $JAILS"
}

apply() {
  local complaint
  change_files
  complaint=$(fail2ban-client -t 2>&1) || give_up broken "fail2ban refuses its configuration: ${complaint:0:300}"
  run_unit fail2ban
  until_true 15 answers || give_up broken "fail2ban does not answer: $(journalctl -q -u fail2ban -n 3 -o cat --no-pager)"
}

run_step "$@"
