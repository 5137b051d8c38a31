#!/usr/bin/env bash
# All packages of the host in one transaction, from sources that have security updates. Nothing is
# started by it: new services are held until their own step has configured them, so that none ever
# runs with its default configuration, also after a reboot in between.
# In: PACKAGES (blank-separated), HELD_UNITS (blank-separated), REMOVABLE (packages the tenant agreed
# to lose, usually empty), LOCK_SECONDS (how long to wait for another apt), its files. Needs: nothing.
# Undo: the source goes, and the packages that the manifest lists.
set -euo pipefail
# shellcheck source=../host/step.sh
source "$(dirname "$0")/step.sh"
# shellcheck source=facts.sh
source "$(dirname "$0")/facts.sh"

export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 LC_ALL=C
POLICY=/usr/sbin/policy-rc.d
POLICY_MARK="# written by penguin for one apt run"
SECURITY=/etc/apt/sources.list.d/penguin-security.list

has_security() { grep -rqsE '^(deb |URIs:).*(debian-security|security\.debian\.org)' /etc/apt/sources.list /etc/apt/sources.list.d; }

# Packages of the list that are not fully installed.
missing_packages() {
  local -A state=()
  local package status
  while read -r package status; do state[$package]=$status; done \
    < <(dpkg-query -W -f='${Package} ${db:Status-Status}\n' 2>/dev/null)
  for package in $PACKAGES; do
    [[ ${state[$package]:-} == installed ]] || echo "$package"
  done
}

probe() {
  local missing broken wanted
  expect_files
  missing=$(missing_packages | xargs)
  broken=$(unfinished_packages | xargs)
  [[ -z $broken ]] || finds PARTIAL "half installed: $broken"
  grep -qsF "$POLICY_MARK" "$POLICY" && finds PARTIAL "policy-rc.d of an interrupted apt run is still there"
  has_security || finds ABSENT "no source of security updates"
  if [[ -n $missing ]]; then
    wanted=$(wc -w <<<"$PACKAGES")
    if (($(wc -w <<<"$missing") == wanted)); then finds ABSENT "none of the $wanted packages is installed"
    else finds PARTIAL "not installed: $missing"; fi
  fi
  verdict "all $(wc -w <<<"$PACKAGES") packages are installed"
}

# Reads apt's status lines (apt's README.progress-reporting: dlstatus:…:PERCENT:…, pmstatus:…:PERCENT:…)
# and keeps the step's percent. Downloading is counted as its first 30, a guess; both parts are measured.
measure() {
  local kind _ percent at=-1 now
  while IFS=: read -r kind _ percent _; do
    case "$kind:$percent" in
      dlstatus:[0-9]*) now=$((10#${percent%%.*} * 30 / 100)) ;;
      pmstatus:[0-9]*) now=$((30 + 10#${percent%%.*} * 70 / 100)) ;;
      *) continue ;;
    esac
    if ((now > at && now <= 100)); then
      at=$now
      echo "$at" >"$PENGUIN_PERCENT.new" && mv -fT "$PENGUIN_PERCENT.new" "$PENGUIN_PERCENT"
    fi
  done
}

# The lock on the lists has no timeout of its own in apt; nor has a resolver that answers late and in
# vain, once for each file, for minutes.
refresh_lists() {
  local deadline=$((SECONDS + LOCK_SECONDS))
  until apt_limit=120 apt update -o APT::Update::Error-Mode=any; do
    if [[ $apt_error != *"Could not get lock"* ]] || ((SECONDS >= deadline)); then explain; fi
    sleep 2
  done
}

end_hold() { if grep -qsF "$POLICY_MARK" "$POLICY"; then rm -f "$POLICY"; fi; }

apply() {
  local unit
  end_hold # left by a kill
  # Nothing to do: a mirror that is down is then no trouble.
  if [[ -z $(missing_packages) && -z $(unfinished_packages) ]] && has_security; then
    change_files
    return 0
  fi
  need_free_mib /var 700
  # Debian's own images have it; a bootstrapped one may not, and would never be patched.
  if ! has_security; then
    echo "deb http://deb.debian.org/debian-security bookworm-security main" >"$SECURITY.penguin-new"
    mv -f "$SECURITY.penguin-new" "$SECURITY"
  fi
  # Enabled by its package, yet not started before its own step, also after a reboot in between.
  # Masks would do too, but cost a daemon-reload for each.
  mkdir -p "$PENGUIN_STATE/held"
  for unit in $HELD_UNITS; do
    # A unit that is there already belongs to a step that has run, or to the tenant.
    if [[ ! -e /lib/systemd/system/$unit && ! -e /etc/systemd/system/$unit ]]; then touch "$PENGUIN_STATE/held/$unit"; fi
  done
  change_files
  trap end_hold EXIT
  if [[ ! -e $POLICY ]]; then
    printf '#!/bin/sh\n%s\nexit 101\n' "$POLICY_MARK" >"$POLICY.penguin-new"
    chmod 0755 "$POLICY.penguin-new"
    mv -f "$POLICY.penguin-new" "$POLICY"
  fi
  if [[ " $PACKAGES " == *" postfix "* ]]; then mask_postfix_generator; fi
  refresh_lists
  if [[ -n $(unfinished_packages) ]]; then # another package manager may be at work
    until_true "$LOCK_SECONDS" bash -c '! fuser -s /var/lib/dpkg/lock-frontend 2>/dev/null' || true
  fi
  mend_packages apt || explain
  if [[ -n ${REMOVABLE// /} ]]; then
    # shellcheck disable=SC2086 # a list of words
    apt remove $REMOVABLE || explain # not purge: the configuration stays the tenant's
  fi
  # "No configuration": ours comes from a file; there is never a default main.cf to start with.
  if [[ " $PACKAGES " == *" postfix "* ]] && command -v debconf-set-selections >/dev/null; then
    echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
  fi
  # shellcheck disable=SC2086 # a list of words
  apt install -o APT::Status-Fd=3 --no-install-recommends --no-remove $PACKAGES 3> >(measure) || explain
}

# Retiring removes the packages by itself, after this.
undo() {
  rm -f "$SECURITY" "$SECURITY.penguin-new"
  end_hold # left by a kill
  unmask_postfix_generator
}

run_step "$@"
