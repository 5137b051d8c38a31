#!/usr/bin/env bash
# Security updates by themselves; reboots never by themselves: the orchestrator plans those.
# In: its files. Needs: 020-packages. Undo: rm the files
set -euo pipefail
# shellcheck source=../host/step.sh
source "$(dirname "$0")/step.sh"
# shellcheck source=facts.sh
source "$(dirname "$0")/facts.sh"

setting() { apt-config dump --format '%v%n' "$1" | tail -n 1; }

probe() {
  expect_files
  expect_value "automatic upgrades" "$(setting APT::Periodic::Unattended-Upgrade)" 1
  expect_value "automatic reboot" "$(setting Unattended-Upgrade::Automatic-Reboot)" false
  [[ $(systemctl is-enabled apt-daily-upgrade.timer 2>/dev/null) == enabled ]] || finds DRIFT "apt-daily-upgrade.timer is off"
  systemctl is-active --quiet apt-daily-upgrade.timer || finds DRIFT "apt-daily-upgrade.timer is not waiting"
  verdict "security updates come by themselves, reboots do not"
}

apply() {
  change_files
  run_unit apt-daily.timer
  run_unit apt-daily-upgrade.timer
}

run_step "$@"
