#!/usr/bin/env bash
# Kernel settings for a mail host.
# In: its file. Needs: nothing. Undo: rm /etc/sysctl.d/60-penguin.conf && sysctl --system
set -euo pipefail
# shellcheck source=../host/step.sh
source "$(dirname "$0")/step.sh"
# shellcheck source=facts.sh
source "$(dirname "$0")/facts.sh"

SETTINGS=/etc/sysctl.d/60-penguin.conf

probe() {
  if in_container; then
    answer NOT_APPLICABLE "kernel settings of a container are its host's"
  fi
  expect_files
  if [[ -e $SETTINGS ]]; then
    local name wanted
    while IFS='= ' read -r name wanted; do
      expect_value "$name" "$(sysctl -n "$name" 2>/dev/null || true)" "$wanted"
    done < <(grep -E '^[a-z]' "$SETTINGS")
  fi
  verdict "kernel settings are in force"
}

apply() {
  in_container && return
  change_files
  sysctl -q -p "$SETTINGS" || give_up broken "the kernel refused a setting of $SETTINGS"
}

run_step "$@"
