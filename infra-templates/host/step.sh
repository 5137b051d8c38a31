#!/usr/bin/env bash
# Library of every step. A step sources it, defines probe and apply, and ends with: run_step "$@"
# A step that leaves more behind than files and packages also defines undo: run when the host is
# retired, after the files of all steps are as before and while our packages are still there.
#
# Given by penguin-step: PENGUIN_BUNDLE (directory of the bundle), PENGUIN_STEP (name such as
# 090-unbound), and the step's inputs as environment variables.
#
# Probes only look, and are run beside each other.
#
# For steps:
#   answer STATE EVIDENCE   the one JSON line of a probe; ends the probe
#   file_drift              prints `missing TARGET`, `changed TARGET` or `stale TARGET` for each file of
#                           the step that is not as it should be
#   install_files [--check CMD] [TARGET...]  puts files in place that are not (default: all, and takes
#                           stale ones away); prints the targets it touched. CMD is run on each new
#                           file, {} being its path, before the rename
#   files_changed           true when a file changed since this step last ran to its end: survives a
#                           kill between the rename and the reload
#   installed_packages      prints what is installed, sorted, also by half
#   unfinished_packages     prints what dpkg began and did not end
#   mend_packages APT...    ends what a reset left half done in dpkg; APT is how apt-get is called
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

# Sets server, version and bundle, as the host's manifest has them: whose the host is, and what was applied
# last. penguin-step writes it, one key a line.
# shellcheck disable=SC2034 # for who called
read_manifest() {
  local line manifest=/etc/penguin/manifest.json
  server='' version=0 bundle=''
  [[ -f $manifest ]] || return 0
  while IFS= read -r line; do
    if [[ $line =~ ^\ \ \"(server|version|bundle)\":\ \"?([^\",]*)\"?,?$ ]]; then
      printf -v "${BASH_REMATCH[1]}" '%s' "${BASH_REMATCH[2]}"
    fi
  done < "$manifest"
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
    undo) if declare -F undo >/dev/null; then undo; fi ;;
    *) echo "usage: $0 probe|apply|undo" >&2; exit 64 ;;
  esac
}

installed_packages() {
  dpkg-query -W -f '${Package} ${db:Status-Status}\n' |
    awk '$2 != "not-installed" && $2 != "config-files" { print $1 }' | sort
}

# Not `dpkg --audit`: it also lists packages that merely come without checksums.
unfinished_packages() {
  dpkg-query -W -f '${db:Status-Status} ${db:Status-Eflag} ${binary:Package}\n' |
    awk '($1 != "installed" && $1 != "config-files" && $1 != "not-installed") || $2 != "ok" { print $3 }'
}

# What was being unpacked when the machine died dpkg can neither configure nor remove: it is unpacked
# again. Nothing is downloaded or changed when nothing is half done.
mend_packages() {
  local -a torn
  [[ -n $(unfinished_packages) ]] || return 0
  dpkg --force-confdef --force-confold --configure -a >&2 || true # apt tells what is still amiss
  mapfile -t torn < <(dpkg-query -W -f '${db:Status-Eflag} ${binary:Package}\n' | sed -n 's/^reinstreq //p')
  if ((${#torn[@]})); then "$@" --no-remove --reinstall install "${torn[@]}" || return 1; fi
  "$@" --no-remove -f install
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

# Sets is[FILE] of each FILE that is there: its SHA-256, owner, group and mode ("HASH USER:GROUP 0644"), or
# "other" for what is no plain file. `is` is the caller's, an associative array.
look_at() {
  local file value owner mode
  local -a plain=()
  for file in "$@"; do
    if [[ -f $file && ! -L $file ]]; then plain+=("$file")
    elif [[ -e $file || -L $file ]]; then is[$file]=other; fi
  done
  ((${#plain[@]} > 0)) || return 0
  while read -rd '' value file; do is[$file]=$value; done < <(sha256sum -z -- "${plain[@]}")
  while read -rd '' owner mode file; do is[$file]+=" $owner $mode"; done \
    < <(stat --printf '%U:%G %04a %n\0' -- "${plain[@]}")
}

# Files this step once placed and no longer wants.
stale_files() {
  local record target step
  local -A listed=()
  while IFS=$'\t' read -r _ target _; do listed[$target]=1; done < <(file_list)
  for record in "$PENGUIN_STATE"/files/*; do
    [[ -f $record && $record != *.new ]] || continue
    IFS=$'\t' read -r target _ _ step _ < "$record"
    [[ $step != "$PENGUIN_STEP" || -n ${listed[$target]:-} ]] || printf '%s\n' "$target"
  done
}

file_drift() {
  local target owner mode hash
  local -a targets=()
  local -A is=()
  while IFS=$'\t' read -r _ target _; do targets+=("$target"); done < <(file_list)
  look_at "${targets[@]}"
  while IFS=$'\t' read -r _ target owner mode hash; do
    if [[ -z ${is[$target]:-} ]]; then
      echo "missing $target"
    elif [[ ${is[$target]} != "$hash $owner $mode" ]]; then
      echo "changed $target"
    fi
  done < <(file_list)
  stale_files | sed 's/^/stale /'
}

install_files() {
  local check='' target
  if [[ ${1:-} == --check ]]; then check=$2; shift 2; fi
  "$PENGUIN_LIB/penguin-install" files "$PENGUIN_BUNDLE" "$PENGUIN_STEP" "$check" "$@" || return
  (($# == 0)) || return 0
  while read -r target; do
    "$PENGUIN_LIB/penguin-install" remove "$PENGUIN_STEP" "$target"
  done < <(stale_files)
}

files_changed() { [[ -e $PENGUIN_STATE/pending/$PENGUIN_STEP ]]; }
