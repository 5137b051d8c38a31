#!/usr/bin/env bash
# The journal is the only log: kept over reboots, bounded in size and age. Delivery events are read
# from it.
# In: its file. Needs: nothing. Undo: rm /etc/systemd/journald.conf.d/penguin.conf, restart journald
set -euo pipefail
# shellcheck source=../host/step.sh
source "$(dirname "$0")/step.sh"
# shellcheck source=facts.sh
source "$(dirname "$0")/facts.sh"

probe() {
  expect_files
  [[ $(systemctl is-active systemd-journald) == active ]] || finds DRIFT "systemd-journald is not running"
  [[ -d /var/log/journal ]] || finds ABSENT "no /var/log/journal: logs end with a reboot"
  verdict "the journal is kept, 500 MB and 10 days at most"
}

apply() {
  change_files
  mkdir -p /var/log/journal
  if $is_changed || ! systemctl is-active --quiet systemd-journald; then
    systemctl restart systemd-journald
    journalctl --flush
  fi
}

run_step "$@"
