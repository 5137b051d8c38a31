# shellcheck shell=bash
# How steps look at a host, change it and wait for it; sourced after step.sh. Facts are judged, not
# markers: what dpkg, systemd, a port or the program itself says.

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

# Files of the step: all missing is ABSENT, anything else that differs is DRIFT.
expect_files() {
  local drift
  drift=$(file_drift)
  [[ -n $drift ]] || return 0
  if grep -q -v '^missing' <<<"$drift"; then finds DRIFT "$drift"; else finds ABSENT "$drift"; fi
}

expect_unit() {
  local active enabled
  active=$(systemctl is-active "$1" 2>/dev/null || true)
  enabled=$(systemctl is-enabled "$1" 2>/dev/null || true)
  if [[ $active == active && $enabled == enabled ]]; then return; fi
  if [[ -e $PENGUIN_STATE/held/${1%.service}.service ]]; then finds ABSENT "$1 is held until it is configured"
  elif [[ ${enabled:-} =~ ^(masked|not-found|)$ ]]; then finds ABSENT "$1 is ${enabled:-not there}"
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
  install_files
  if files_changed; then is_changed=true; fi
}

# Files that a step rewrites and that are not ours to own: kept as they were before the first change,
# and put back when the host is retired, unless somebody else has changed them since.
before_of() { printf '%s/before/%s' "$PENGUIN_STATE" "${1//\//%}"; }
keep_before() { # FILE: before the first change
  local kept
  kept=$(before_of "$1")
  [[ ! -e $kept && ! -L $kept && ! -e $kept.absent ]] || return 0
  mkdir -p "$PENGUIN_STATE/before"
  if [[ -e $1 || -L $1 ]]; then
    cp -a --no-dereference "$1" "$kept.new"
    mv -fT "$kept.new" "$kept"
  else
    : >"$kept.absent"
  fi
  sync "$PENGUIN_STATE/before"
}
mark_ours() { # FILE: after each change
  local hash
  hash=$(sha256sum <"$1")
  echo "$hash" >"$(before_of "$1").ours"
}
put_back() { # FILE
  local kept
  kept=$(before_of "$1")
  if [[ -e $1 && "$(sha256sum <"$1")" != "$(cat "$kept.ours" 2>/dev/null)" ]]; then return 0; fi
  if [[ -e $kept || -L $kept ]]; then
    rm -rf "$1.penguin-new"
    cp -a --no-dereference "$kept" "$1.penguin-new" && mv -fT "$1.penguin-new" "$1"
  elif [[ -e $kept.absent ]]; then
    rm -f "$1"
  fi
}

# until_true SECONDS COMMAND…: asks again and again, for so long.
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.1
  done
}

# run_unit UNIT [reload|restart]: enabled and running with the present files. A unit that does not
# come up shows the last lines of its journal.
run_unit() {
  local unit=$1 how=${2:-restart} state
  rm -f "$PENGUIN_STATE/held/${unit%.service}.service"
  if [[ $(systemctl is-enabled "$unit" 2>/dev/null || true) != enabled ]]; then
    systemctl unmask --quiet "$unit" 2>/dev/null || true
    systemctl --no-reload enable --quiet "$unit" 2>/dev/null || true
  fi
  state=$(systemctl show -p ActiveState,NeedDaemonReload "$unit")
  if [[ $state == *NeedDaemonReload=yes* ]]; then systemctl daemon-reload; fi
  if [[ ! $state =~ ActiveState=(active|reloading) ]]; then how=start
  elif ! $is_changed; then return 0; fi
  systemctl reset-failed "$unit" 2>/dev/null || true # it would hold back a unit that failed a few times
  systemctl "$how" "$unit" || unit_failed "$unit"
}
unit_failed() {
  give_up broken "$1 did not start: $(journalctl -q -u "$1" -n 5 -o cat --no-pager | tail -n 5)"
}

# give_up CODE TEXT: ends the step. Its last line, `CODE: TEXT`, says what is wrong and what helps;
# StepFailure.java knows the same codes.
give_up() {
  case $1 in
    apt-lock) ;;          # another package manager is at work; passes by itself
    mirror-down) ;;       # the package mirror cannot be reached; passes by itself
    disk-full) ;;         # the owner must make room
    foreign-mail) ;;      # a mail service of the owner's is in the way
    packages-conflict) ;; # packages of the owner's would have to go
    clock-off) ;;         # no time server can be reached
    broken) ;;            # anything else: for staff
    *) echo "give_up: no code \"$1\"" >&2; exit 70 ;;
  esac
  echo "$1: ${2//$'\n'/; }" >&2
  exit 1
}

need_free_mib() {
  local free
  free=$(df --output=avail -BM "$1" | tail -n 1 | tr -dc 0-9)
  ((free >= $2)) || give_up disk-full "$free MiB free below $1, $2 MiB needed. Free some space, then try again."
}

# At each daemon-reload Postfix' generator asks postconf, which without a main.cf takes a second to
# complain; a package makes several. So it is masked until there is a main.cf. A boot forgets it.
# Masked by an empty file of ours, which systemd takes for /dev/null (systemd.generator(7)): so ours is
# told from the tenant's own, which stays.
POSTFIX_GENERATOR=/run/systemd/system-generators/postfix-instance-generator
POSTFIX_MASK=$PENGUIN_STATE/masked-generator
mask_postfix_generator() {
  [[ ! -e /etc/postfix/main.cf && ! -e $POSTFIX_GENERATOR ]] || return 0
  mkdir -p "${POSTFIX_GENERATOR%/*}"
  : >"$POSTFIX_MASK"
  ln -sfnT "$POSTFIX_MASK" "$POSTFIX_GENERATOR"
}
unmask_postfix_generator() {
  [[ "$(readlink "$POSTFIX_GENERATOR")" == "$POSTFIX_MASK" ]] || return 0
  rm -f "$POSTFIX_GENERATOR"
  systemctl daemon-reload
}

# Postfix' programs wait until a main.cf has been left alone for two seconds, lest they read it while it
# is being written. Ours comes by rename, or is empty.
settled_for_postfix() { touch -d '5 seconds ago' "$1"; }

# apt COMMAND…: waits LOCK_SECONDS for another package manager, and for an end as long as apt_limit
# says in seconds (not set: for ever). What was installed before is listed for penguin-step, which counts
# what came. The log is shown; `explain` then ends the step in words that help.
# Packages do not speak to systemd meanwhile (SYSTEMD_OFFLINE, systemd's docs/ENVIRONMENT.md): each would
# make it read all units anew, a tenth of the whole time. Once at the end does.
apt() {
  local log code=0 before=$PENGUIN_STATE/packages-before-$PENGUIN_STEP
  if [[ ! -f $before ]]; then
    # Said, not left to errexit: apt is asked in conditions.
    if ! installed_packages >"$before.new" || ! sync "$before.new" || ! mv -fT "$before.new" "$before"; then
      give_up broken "what is installed cannot be listed"
    fi
  fi
  log=$(mktemp)
  SYSTEMD_OFFLINE=1 timeout "${apt_limit:-0}" apt-get -q -y -o DPkg::Lock::Timeout="$LOCK_SECONDS" -o Acquire::Retries=3 -o Acquire::http::Timeout=20 \
    -o Acquire::Languages=none -o Dpkg::Use-Pty=0 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" >"$log" 2>&1 || code=$?
  if [[ $1 != update ]]; then systemctl daemon-reload; fi
  if ((code == 124)); then echo "E: Failed to fetch anything within $apt_limit s" >>"$log"; fi
  apt_error=$(<"$log")
  rm -f "$log"
  ((code == 0)) || { echo "$apt_error" >&2; return 1; }
}
explain() {
  local last holder
  holder=$(grep -o 'process [0-9]* ([^)]*)' <<<"$apt_error" | tail -n 1 || true)
  last=$(grep -E '^(E|W|Err|dpkg):' <<<"$apt_error" | tail -n 3 | paste -sd' ' || true)
  case "$apt_error" in
    *"Could not get lock"* | *"Unable to acquire the dpkg frontend lock"* | *"Unable to lock directory"*)
      give_up apt-lock "${holder:-another package manager} has been at work for over $LOCK_SECONDS s. $last" ;;
    *"No space left"* | *"enough free space"*)
      give_up disk-full "no room for packages. $last" ;;
    *"Packages need to be removed but remove is disabled"*)
      give_up packages-conflict "these would have to be removed: $(grep -A 9 'will be REMOVED' <<<"$apt_error" | grep '^  ' | xargs). Nothing is removed without the owner's yes." ;;
    *"Failed to fetch"* | *"Temporary failure"* | *"Could not resolve"* | *"Could not connect"* | *"Unable to connect"* | *"Cannot initiate the connection"* | *"does not have a Release file"* | *"Unable to locate package"*)
      give_up mirror-down "the package mirror did not answer. $last" ;;
    *) give_up broken "apt failed: $last" ;;
  esac
}
