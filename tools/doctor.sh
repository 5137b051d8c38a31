# shellcheck shell=bash
# shellcheck disable=SC2154 # root is set by ./penguin
# What this machine has and lacks, each with its fix. Sourced by ./penguin. Needs: root, find_jdk_25, can_have_go, docker_state.

declare -a findings=() # "state<TAB>what<TAB>seen<TAB>for<TAB>fix"; only the fix may be empty
found() { findings+=("$(printf '%s\t%s\t%s\t%s\t%s' "$1" "$2" "$3" "$4" "${5:-}")"); }

check_jdk() {
  local home use="the build and everything after it"
  if home="$(find_jdk_25)"; then found ok "JDK 25" "$home" "$use"
  else found missing "JDK 25" "none found" "$use" "$(jdk_advice)"; fi
}

# $1 tool of tools/pins, $2 what for
check_tool() {
  local seen
  if seen="$("$root/tools/install.sh" --where "$1" 2>/dev/null)"; then found ok "$1" "$seen" "$2"
  elif can_have_go; then found absent "$1" "not built yet" "$2" "./penguin tools $1"
  else found missing "$1" "neither built nor on PATH, and no go that could build it" "$2" "install Go 1.21 or newer (https://go.dev/dl), or put these on PATH: $(pinned_files "$1")"; fi
}

pinned_files() {
  awk -v tool="$1" '$1 == tool { for (i = 3; i <= NF; i++) { n = split($i, part, /[\/=]/); printf "%s ", part[n] } print "(version " $2 ")" }' "$root/tools/pins"
}

check_docker() {
  local state use="./penguin test and demo --docker"
  state="$(docker_state)"
  if [[ "$state" == ok ]]; then found ok "Docker engine" "$(docker info --format '{{.ServerVersion}}' 2>/dev/null)" "$use"
  else found missing "Docker engine" "$(docker_complaint "$state")" "$use" "$(docker_advice "$state")"; fi
}

# $1 command, $2 package, $3 what for, $4 missing or, where one can do without, absent
check_command() {
  if command -v "$1" >/dev/null || [[ -x "/usr/sbin/$1" ]]; then found ok "$1" "installed" "$3"
  else found "$4" "$1" "not installed" "$3" "apt-get install $2"; fi
}

check_memory() {
  local mib use="the demo, up to 2048 MiB"
  mib="$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)"
  if ((mib >= 2048)); then found ok memory "$mib MiB available" "$use"
  else found missing memory "$mib MiB available" "$use" "close something"; fi
}

# The limit is a guess until a cold run was measured.
check_disk() {
  local mib use="what is built and fetched, up to 6144 MiB"
  mib="$(df -Pm "$root" | awk 'NR == 2 { print $4 }')"
  if ((mib >= 6144)); then found ok disk "$mib MiB free" "$use"
  else found missing disk "$mib MiB free" "$use" "free some"; fi
}

# $1 port, $2 who wants it
check_port() {
  if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
    found absent "port $1" "taken" "$2" "stop what listens there (ss -ltnp 'sport = :$1')"
  else found ok "port $1" "free" "$2"; fi
}

# What the simulated demo cannot do without. Ports are not among it: it takes free ones.
check_for_demo() {
  check_jdk
  check_tool temporal "running the workflows"
  check_tool pebble "issuing certificates in the sandbox"
  check_memory
  check_disk
}

check_for_test() {
  check_tool vault "./penguin test, which keeps secrets in it too"
  check_tool temporal-server "./penguin test, which runs what deploy/ describes"
  check_docker
  check_command debootstrap debootstrap "the sandbox's Debian image, where Docker can pull no debian:12" absent
  check_command shellcheck shellcheck "./penguin test, which checks the steps with it" missing
}

check_for_up() {
  check_port 8080 "the API of ./penguin up (SERVER_PORT)"
  check_port 8081 "that API's health and metrics (MANAGEMENT_SERVER_PORT)"
  check_port 8082 "the worker of ./penguin up (WORKER_SERVER_PORT)"
}

# What is lost with a key file cannot be made anew: docs/operating.md, "Loss of keys". A copy counts when it is
# the same, or when the fingerprint that was taken of it is. Not asked where no installation is.
# $1 which, $2 the key file, $3 what is lost with it
check_key_copy() {
  local name="copy of the $1 key" file="$2" use="$3" copies="${PENGUIN_KEYS_COPY:-}" copy sum
  local fix="keep one elsewhere, and let PENGUIN_KEYS_COPY name its directory, or one with its fingerprint: cd COPIES && sha256sum ${2##*/} > ${2##*/}.sha256"
  [[ -e "$file" ]] || return 0
  copy="$copies/${file##*/}"
  if ! sum="$(sha256sum 2>/dev/null <"$file")"; then
    found warning "$name" "not compared: $file cannot be read" "$use" "run this as the user who runs ./penguin up"
  elif [[ -z "$copies" ]]; then found warning "$name" "none is known of $file" "$use" "$fix"
  elif [[ "$copy" -ef "$file" ]]; then found warning "$name" "$copy is the key file itself" "$use" "$fix"
  elif [[ -e "$copy" && "$sum" == "$(sha256sum 2>/dev/null <"$copy")" ]]; then found ok "$name" "$copy" "$use"
  elif [[ ! -e "$copy" && -r "$copy.sha256" && "${sum%% *}" == "$(awk 'NR == 1 { print $1 }' "$copy.sha256")" ]]; then
    found ok "$name" "its fingerprint in $copy.sha256" "$use"
  elif [[ -e "$copy" || -e "$copy.sha256" ]]; then
    found warning "$name" "the one in $copies is not of $file as it is now" "$use" "copy it again"
  else found warning "$name" "none in $copies" "$use" "$fix"; fi
}

check_key_copies() {
  check_key_copy codec "${PENGUIN_WORKER_KEYS_CODEC:-/etc/penguin/codec.keys}" "reading Temporal's histories after a loss"
  [[ "${PENGUIN_SECRET_STORE:-embedded}" == vault ]] ||
    check_key_copy master "${PENGUIN_WORKER_KEYS_MASTER:-/etc/penguin/master.keys}" "every secret of the embedded store after a loss"
}

# Prints the findings; fails when something needed is missing. $1 demo or all, $2 yes for JSON
doctor() {
  check_for_demo
  if [[ "$1" == all ]]; then
    check_for_test
    check_for_up
    check_key_copies
  fi
  if [[ "$2" == yes ]]; then print_json; else print_table; fi
  ! printf '%s\n' "${findings[@]}" | grep -q '^missing'
}

print_table() {
  local line state what seen use fix coloured=no
  # Asked here: inside $(mark) standard output is never a terminal.
  if [[ -t 1 && -z "${NO_COLOR:-}" && "${TERM:-}" != dumb ]]; then coloured=yes; fi
  for line in "${findings[@]}"; do
    IFS=$'\t' read -r state what seen use fix <<<"$line"
    printf '%s %-14s %s (for %s)\n' "$(mark "$state" "$coloured")" "$what" "$seen" "$use"
    [[ -z "$fix" ]] || printf '          fix: %s\n' "$fix"
  done
}

# $1 state, $2 yes|no
mark() {
  local colour=32
  case "$1" in missing) colour=31 ;; absent | warning) colour=33 ;; esac
  if [[ "$2" == yes ]]; then printf '\033[%sm%-9s\033[0m' "$colour" "$1"; else printf '%-9s' "$1"; fi
}

escape_json() { printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g'; }

print_json() {
  local line state what seen use fix separator=""
  printf '['
  for line in "${findings[@]}"; do
    IFS=$'\t' read -r state what seen use fix <<<"$line"
    printf '%s\n  {"what": "%s", "state": "%s", "seen": "%s", "for": "%s", "fix": "%s"}' "$separator" \
      "$(escape_json "$what")" "$state" "$(escape_json "$seen")" "$(escape_json "$use")" "$(escape_json "$fix")"
    separator=","
  done
  printf '\n]\n'
}
