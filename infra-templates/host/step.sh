#!/usr/bin/env bash
# Library of every step. A step sources it, defines probe and apply, and ends with: run_step "$@"
#
# Given by penguin-step: PENGUIN_BUNDLE (directory of the bundle), PENGUIN_STEP (name such as
# 090-unbound), and the step's inputs as environment variables.
#
# For steps:
#   answer STATE EVIDENCE          the one JSON line of a probe; ends the probe
#   install_packages NAME...       what is missing of them, recorded so that retiring removes it
#   packages_installed NAME...     true when all are there and configured
#   files_state [TARGET...]        sets FILES_STATE (ABSENT, PARTIAL, DRIFT, OK) and FILES_EVIDENCE
#   install_files [--check CMD] [TARGET...]  installs those (default: all) and removes stale ones;
#                                  CMD is run on the new file, {} being its path, before the rename
#   files_changed                  true when a file changed since this step last ran to its end:
#                                  survives a kill between the rename and the reload
#   own_unit NAME...               enables units and records them for retiring
set -euo pipefail

PENGUIN_STATE=${PENGUIN_STATE:-/var/lib/penguin}
PENGUIN_LIB=${PENGUIN_LIB:-/usr/local/lib/penguin}

json_string() { # prints its argument as a JSON string
  local LC_ALL=C text=${1:0:4000} backslash=$'\\'
  text=${text//"$backslash"/"$backslash$backslash"}
  text=${text//'"'/"$backslash\""}
  text=${text//$'\n'/"${backslash}n"}
  text=${text//$'\t'/"${backslash}t"}
  text=${text//$'\r'/"${backslash}r"}
  text=${text//[[:cntrl:]]/ }
  printf '"%s"' "$text"
}

answer() {
  case $1 in
    ABSENT | PARTIAL | DRIFT | OK | NOT_APPLICABLE) ;;
    *) echo "answer: no state \"$1\"" >&2; exit 70 ;;
  esac
  printf '{"step":%s,"state":"%s","evidence":%s}\n' \
    "$(json_string "${PENGUIN_STEP:-}")" "$1" "$(json_string "${2:-}")"
  exit 0
}

run_step() {
  case ${1:-} in
    probe) probe; echo "the probe ended without an answer" >&2; exit 70 ;;
    apply) apply ;;
    *) echo "usage: $0 probe|apply" >&2; exit 64 ;;
  esac
}

packages_installed() {
  local name status
  for name in "$@"; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) || return 1
    [[ $status == installed ]] || return 1
  done
}

install_packages() {
  local name missing=()
  export DEBIAN_FRONTEND=noninteractive
  # A kill in the middle of dpkg leaves packages unpacked; this finishes them.
  [[ -z $(dpkg --audit) ]] || dpkg --force-confdef --force-confold --configure -a
  for name in "$@"; do packages_installed "$name" || missing+=("$name"); done
  ((${#missing[@]} > 0)) || return 0
  local apt=(apt-get -y -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold)
  "${apt[@]}" update
  # All packages this brings, dependencies too, are written down before the first is unpacked.
  local inst
  while read -r inst name _; do
    [[ $inst == Inst ]] || continue
    dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || record packages "$name"
  done < <("${apt[@]}" -s --no-install-recommends install "${missing[@]}")
  "${apt[@]}" --no-install-recommends install "${missing[@]}"
}

record() { # LIST LINE: appends once, durably
  local list=$PENGUIN_STATE/$1
  touch "$list"
  grep -qxF -- "$2" "$list" || { printf '%s\n' "$2" >> "$list"; sync "$list"; }
}

own_unit() {
  local unit
  for unit in "$@"; do
    record units "$unit"
    systemctl enable --quiet "$unit"
  done
}

# Reads the step's list of files: number, target, owner, mode, hash; by tabs.
file_list() { cat "$PENGUIN_BUNDLE/$PENGUIN_STEP.files"; }

wanted() { # TARGET [WANTED...]: is it among them, or are all wanted
  local target=$1 one
  shift
  (($# > 0)) || return 0
  for one in "$@"; do [[ $one == "$target" ]] && return 0; done
  return 1
}

files_state() {
  local target owner mode hash is total=0 good=0 gone=0 first=''
  while IFS=$'\t' read -r _ target owner mode hash; do
    wanted "$target" "$@" || continue
    total=$((total + 1))
    if [[ ! -f $target || -L $target ]]; then
      gone=$((gone + 1))
      first=${first:-"$target is not there"}
      continue
    fi
    is=$(sha256sum < "$target")
    if [[ ${is%% *} != "$hash" ]]; then
      first=${first:-"$target has another content"}
    elif [[ $(stat -c '%U:%G %04a' "$target") != "$owner $mode" ]]; then
      first=${first:-"$target is $(stat -c '%U:%G %04a' "$target"), not $owner $mode"}
    else
      good=$((good + 1))
    fi
  done < <(file_list)
  local stale=''
  (($# > 0)) || stale=$("$PENGUIN_LIB/penguin-install" stale "$PENGUIN_BUNDLE" "$PENGUIN_STEP")
  # These two are the answer, read by the step that called.
  # shellcheck disable=SC2034
  if ((good == total)) && [[ -z $stale ]]; then
    FILES_STATE=OK FILES_EVIDENCE="$total files as wanted"
  elif [[ -n $stale && $good == "$total" ]]; then
    FILES_STATE=DRIFT FILES_EVIDENCE="${stale%%$'\n'*} is no longer wanted"
  elif ((gone == total)); then
    FILES_STATE=ABSENT FILES_EVIDENCE=$first
  elif ((gone > 0)); then
    FILES_STATE=PARTIAL FILES_EVIDENCE=$first
  else
    FILES_STATE=DRIFT FILES_EVIDENCE=$first
  fi
}

install_files() {
  local check='' number target
  if [[ ${1:-} == --check ]]; then check=$2; shift 2; fi
  while IFS=$'\t' read -r number target _; do
    wanted "$target" "$@" || continue
    "$PENGUIN_LIB/penguin-install" file "$PENGUIN_BUNDLE" "$PENGUIN_STEP" "$number" "$check"
  done < <(file_list)
  (($# == 0)) || return 0
  while read -r target; do
    "$PENGUIN_LIB/penguin-install" remove "$PENGUIN_STEP" "$target"
  done < <("$PENGUIN_LIB/penguin-install" stale "$PENGUIN_BUNDLE" "$PENGUIN_STEP")
}

files_changed() { [[ -e $PENGUIN_STATE/pending/$PENGUIN_STEP ]]; }
