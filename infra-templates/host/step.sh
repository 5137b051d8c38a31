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
#   finds, expect_*, verdict       collect what is wrong, then answer with it
#   change_files, run_unit, until_true, need_free_mib, give_up   see below
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

# shellcheck disable=SC2120 # steps may name some
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

# shellcheck disable=SC2120 # steps may name some
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

# The helpers run with umask 077; what steps write is for the host's programs to read.
umask 022

# --- judging ---------------------------------------------------------------------------------
verdict_state=OK
verdict_found=()

# finds STATE TEXT: one thing that is not as it should be. DRIFT outweighs PARTIAL, PARTIAL ABSENT.
finds() {
  case "$1:$verdict_state" in
    DRIFT:*) verdict_state=DRIFT ;;
    PARTIAL:OK | PARTIAL:ABSENT) verdict_state=PARTIAL ;;
    ABSENT:OK) verdict_state=ABSENT ;;
  esac
  verdict_found+=("$2")
}

# verdict TEXT: answers OK with the text, or with what was found.
verdict() {
  if ((${#verdict_found[@]} == 0)); then
    answer OK "$1"
  else
    local text
    printf -v text '%s; ' "${verdict_found[@]}"
    answer "$verdict_state" "${text%; }"
  fi
}

# The step's files, as files_state sees them.
expect_files() {
  # shellcheck disable=SC2119 # all of them
  files_state
  [[ $FILES_STATE == OK ]] || finds "$FILES_STATE" "$FILES_EVIDENCE"
}

expect_unit() {
  local active enabled
  active=$(systemctl is-active "$1" 2>/dev/null || true)
  enabled=$(systemctl is-enabled "$1" 2>/dev/null || true)
  if [[ $active == active && $enabled == enabled ]]; then return; fi
  if [[ ${enabled:-} =~ ^(masked|not-found|)$ ]]; then finds ABSENT "$1 is ${enabled:-not there}"
  else finds DRIFT "$1 is ${active:-unknown}, ${enabled:-unknown}"; fi
}

# expect_value NAME ACTUAL WANTED
expect_value() { [[ $2 == "$3" ]] || finds DRIFT "$1 is \"$2\", not \"$3\""; }

# The first line a local port says within five seconds.
# shellcheck disable=SC2016 # the inner shell expands
greeting() { timeout 5 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0"; IFS= read -r line <&3; echo "$line"' "$1" 2>/dev/null || true; }

# port_open PORT: something accepts connections there.
# shellcheck disable=SC2016 # the inner shell expands
port_open() { timeout 5 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0"' "$1" 2>/dev/null; }

in_container() { systemd-detect-virt --quiet --container; }

# --- changing --------------------------------------------------------------------------------
# Puts the step's files in place. `is_changed` then tells whether a program must be told.
is_changed=false
change_files() {
  # shellcheck disable=SC2119 # all of them
  install_files
  if files_changed; then is_changed=true; fi
}

# until_true SECONDS COMMAND…: asks five times a second.
until_true() {
  local tries=$(($1 * 5))
  shift
  while ! "$@"; do
    ((tries-- > 0)) || return 1
    sleep 0.2
  done
}

# run_unit UNIT [reload|restart]: enabled and running with the present files. A unit that does not
# come up shows the last lines of its journal.
run_unit() {
  local unit=$1 how=${2:-restart}
  if [[ $(systemctl is-enabled "$unit" 2>/dev/null || true) != enabled ]]; then
    systemctl unmask --quiet "$unit" 2>/dev/null || true
    own_unit "$unit" 2>/dev/null
  fi
  systemctl reset-failed "$unit" 2>/dev/null || true
  if ! systemctl is-active --quiet "$unit"; then systemctl start "$unit" || unit_failed "$unit"
  elif $is_changed; then systemctl "$how" "$unit" || unit_failed "$unit"; fi
}
unit_failed() {
  give_up "$1 did not start: $(journalctl -q -u "$1" -n 5 -o cat --no-pager | tail -n 5)"
}

# give_up CAUSE-AND-WHAT-HELPS: the last line on standard error is the evidence of a failure.
give_up() {
  echo "${1//$'\n'/; }" >&2
  exit 1
}

need_free_mib() {
  local free
  free=$(df --output=avail -BM "$1" | tail -n 1 | tr -dc 0-9)
  ((free >= $2)) || give_up "disk full: $free MiB free below $1, $2 MiB needed. Free some space, then try again."
}
