#!/usr/bin/env bash
# Swap for small hosts, so that a burst of mail does not get Dovecot killed.
# In: SWAP_MIB (MiB). Needs: 010-identity. Undo: the file and
# its line in fstab go.
set -euo pipefail
# shellcheck source=../host/step.sh
source "$(dirname "$0")/step.sh"
# shellcheck source=facts.sh
source "$(dirname "$0")/facts.sh"

ENOUGH_MEMORY_MIB=2000
KEEP_FREE_MIB=5000

why_not() {
  local memory
  memory=$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)
  if in_container; then echo "a container uses its host's swap"
  elif ((memory >= ENOUGH_MEMORY_MIB)); then echo "$memory MiB of memory are enough without swap"
  elif [[ -n $(swapon --show=NAME --noheadings | grep -vx /penguin.swap || true) ]]; then echo "the host has swap of its own"
  elif [[ $(stat -f -c %T /) == btrfs ]]; then echo "no swap files on btrfs"
  elif [[ ! -e /penguin.swap ]] && (($(df --output=avail -BM / | tail -n 1 | tr -dc 0-9) < KEEP_FREE_MIB + SWAP_MIB)); then
    echo "the disk has less than $KEEP_FREE_MIB MiB to spare"
  fi
}

probe() {
  local reason
  reason=$(why_not)
  if [[ -n $reason ]]; then answer NOT_APPLICABLE "$reason"
  elif swapon --show=NAME --noheadings | grep -qx /penguin.swap && grep -q '^/penguin.swap ' /etc/fstab; then
    answer OK "swap file is on"
  elif [[ -e /penguin.swap ]]; then answer PARTIAL "swap file is there but off, or not in fstab"
  else answer ABSENT "no swap file"; fi
}

apply() {
  [[ -z $(why_not) ]] || return 0
  if ! swapon --show=NAME --noheadings | grep -qx /penguin.swap; then
    rm -f /penguin.swap /penguin.swap.penguin-new
    (umask 077 && dd if=/dev/zero of=/penguin.swap.penguin-new bs=1M count="$SWAP_MIB" status=none)
    mkswap -q /penguin.swap.penguin-new
    mv /penguin.swap.penguin-new /penguin.swap
    swapon /penguin.swap
  fi
  grep -q '^/penguin.swap ' /etc/fstab || echo '/penguin.swap none swap sw 0 0' >>/etc/fstab
}

undo() {
  if swapon --show=NAME --noheadings | grep -qx /penguin.swap; then swapoff /penguin.swap; fi
  rm -f /penguin.swap /penguin.swap.penguin-new
  if grep -q '^/penguin.swap ' /etc/fstab 2>/dev/null; then
    grep -v '^/penguin.swap ' /etc/fstab >/etc/fstab.penguin-new || true
    chmod --reference=/etc/fstab /etc/fstab.penguin-new
    mv -f /etc/fstab.penguin-new /etc/fstab
  fi
}

run_step "$@"
