#!/usr/bin/env bash
# sshd is harder to guess at. Every login stays, the tenant's passwords too: it may be the only way in
# they have (fail2ban guards them); where passwords go off, first contact does that.
# Undone by itself after five minutes unless our login has come in anew by then.
# In: its files. Needs: our login proved by key. Undo: rm the drop-in, systemctl reload ssh
set -euo pipefail
# shellcheck source=../host/step.sh
source "$(dirname "$0")/step.sh"
# shellcheck source=facts.sh
source "$(dirname "$0")/facts.sh"

DROP_IN=/etc/ssh/sshd_config.d/10-penguin.conf

probe() {
  expect_files
  if [[ -e $DROP_IN ]]; then
    local name wanted effective
    effective=$(sshd -T 2>/dev/null || true)
    while read -r name wanted; do
      expect_value "sshd $name" "$(awk -v n="${name,,}" '$1 == n { print $2; exit }' <<<"$effective")" "$wanted"
    done < <(grep -E '^[A-Z]' "$DROP_IN")
  fi
  systemctl is-active --quiet ssh.service || systemctl is-active --quiet ssh.socket || finds DRIFT "ssh is not running"
  verdict "sshd allows few tries; $(/usr/local/sbin/penguin-revert ask sshd 2>/dev/null || true)"
}

apply() {
  local complaint
  mkdir -p /run/sshd # sshd -t wants it; absent while ssh is started by its socket
  change_files
  if ! complaint=$(sshd -t 2>&1); then
    rm -f "$DROP_IN"
    give_up broken "sshd refuses its configuration, the drop-in was taken back: $complaint"
  fi
  if $is_changed; then
    /usr/local/sbin/penguin-revert arm sshd
    if systemctl is-active --quiet ssh.service; then systemctl reload ssh.service; fi
  fi
  systemctl is-active --quiet ssh.service || systemctl is-active --quiet ssh.socket || systemctl start ssh.service
}

run_step "$@"
