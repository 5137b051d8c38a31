#!/usr/bin/env bash
# A synchronised clock: DKIM's t=, TLS and one-time passwords need it within a second.
# In: LOCK_SECONDS (how long to wait for another apt). Needs: 020-packages. Undo: systemctl disable --now systemd-timesyncd
set -euo pipefail
# shellcheck source=../host/step.sh
source "$(dirname "$0")/step.sh"
# shellcheck source=facts.sh
source "$(dirname "$0")/facts.sh"

# A time service the host already has stays.
daemon() {
  local unit
  for unit in chrony ntpsec ntp openntpd systemd-timesyncd; do
    if systemctl is-active --quiet "$unit" 2>/dev/null; then echo "$unit"; return; fi
  done
}

probe() {
  if in_container; then
    answer NOT_APPLICABLE "the clock of a container is its host's"
  fi
  local running
  running=$(daemon)
  if [[ -z $running ]]; then finds ABSENT "no time service is running"
  elif [[ $running == systemd-timesyncd && ! -e /run/systemd/timesync/synchronized ]]; then
    finds PARTIAL "systemd-timesyncd runs but has not synchronised yet"
  fi
  verdict "${running:-} keeps the clock"
}

apply() {
  in_container && return
  if [[ -z $(daemon) ]]; then
    # Its package conflicts with the other time services, so it is installed only where none is.
    if ! systemctl cat systemd-timesyncd >/dev/null 2>&1; then
      export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 LC_ALL=C
      apt install --no-install-recommends --no-remove systemd-timesyncd || explain
    fi
    run_unit systemd-timesyncd
  fi
  if [[ $(daemon) == systemd-timesyncd ]]; then
    until_true 60 test -e /run/systemd/timesync/synchronized ||
      give_up clock-off "no time server answered within 60 s: outgoing UDP port 123 must be open"
  fi
}

run_step "$@"
