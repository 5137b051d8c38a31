#!/usr/bin/env bash
# Swap for small hosts, so that a burst of mail does not get Dovecot killed.
# In: SWAP_MIB (MiB). Needs: 010-identity. Undo: swapoff /swapfile && rm /swapfile, its line in fstab
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
  elif [[ -n $(swapon --show=NAME --noheadings | grep -vx /swapfile || true) ]]; then echo "the host has swap of its own"
  elif [[ $(stat -f -c %T /) == btrfs ]]; then echo "no swap files on btrfs"
  elif [[ ! -e /swapfile ]] && (($(df --output=avail -BM / | tail -n 1 | tr -dc 0-9) < KEEP_FREE_MIB + SWAP_MIB)); then
    echo "the disk has less than $KEEP_FREE_MIB MiB to spare"
  fi
}

probe() {
  local reason
  reason=$(why_not)
  if [[ -n $reason ]]; then answer NOT_APPLICABLE "$reason"
  elif swapon --show=NAME --noheadings | grep -qx /swapfile && grep -q '^/swapfile ' /etc/fstab; then
    answer OK "swapfile is on"
  elif [[ -e /swapfile ]]; then answer PARTIAL "swapfile is there but off, or not in fstab"
  else answer ABSENT "no swapfile"; fi
}

apply() {
  [[ -z $(why_not) ]] || return 0
  if ! swapon --show=NAME --noheadings | grep -qx /swapfile; then
    rm -f /swapfile /swapfile.penguin-new
    (umask 077 && dd if=/dev/zero of=/swapfile.penguin-new bs=1M count="$SWAP_MIB" status=none)
    mkswap -q /swapfile.penguin-new
    mv /swapfile.penguin-new /swapfile
    swapon /swapfile
  fi
  grep -q '^/swapfile ' /etc/fstab || echo '/swapfile none swap sw 0 0' >>/etc/fstab
}

run_step "$@"
