# shellcheck shell=bash
# shellcheck disable=SC2154 # root is set by ./penguin
# What this machine has and lacks, each with its fix. Sourced by ./penguin. Needs: root, find_jdk_25, can_have_go, docker_state.

declare -a findings=() # "state<TAB>what<TAB>seen<TAB>fix"
found() { findings+=("$(printf '%s\t%s\t%s\t%s' "$1" "$2" "$3" "${4:-}")"); }

check_jdk() {
  local home
  if home="$(find_jdk_25)"; then found ok "JDK 25" "$home"; else found missing "JDK 25" "none found" "$(jdk_advice)"; fi
}

check_tools() {
  local tool seen
  for tool in temporal pebble; do
    if seen="$("$root/tools/install.sh" --where "$tool" 2>/dev/null)"; then found ok "$tool" "$seen"
    elif can_have_go; then found absent "$tool" "not built yet" "./penguin tools $tool"
    else found missing "$tool" "neither built nor on PATH, and no go that could build it" "install Go 1.21 or newer (https://go.dev/dl), or put these on PATH: $(awk -v t="$tool" '$1 == t { for (i = 3; i <= NF; i++) { n = split($i, p, "/"); printf "%s ", p[n] } print "(version " $2 ")" }' "$root/tools/pins")"; fi
  done
}

check_docker() {
  local state
  state="$(docker_state)"
  if [[ "$state" == ok ]]; then found ok "Docker engine" "$(docker info --format '{{.ServerVersion}}' 2>/dev/null)"
  else found missing "Docker engine" "$(docker_complaint "$state")" "$(docker_advice "$state")"; fi
}

# $1 command, $2 package, $3 what for, $4 missing or, where one can do without, absent
check_command() {
  if command -v "$1" >/dev/null || [[ -x "/usr/sbin/$1" ]]; then found ok "$1" "installed"
  else found "$4" "$1" "not installed; $3" "apt-get install $2"; fi
}

check_memory() {
  local mib
  mib="$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)"
  if ((mib >= 2048)); then found ok memory "$mib MiB available"
  else found missing memory "$mib MiB available; the demo takes up to 2048" "close something"; fi
}

# The limit is a guess until a cold run was measured.
check_disk() {
  local mib
  mib="$(df -Pm "$root" | awk 'NR == 2 { print $4 }')"
  if ((mib >= 6144)); then found ok disk "$mib MiB free"
  else found missing disk "$mib MiB free; build, tools and images take up to 6144" "free some"; fi
}

# $1 port, $2 who wants it
check_port() {
  if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
    found absent "port $1" "taken; $2 uses it" "stop what listens there (ss -ltnp 'sport = :$1')"
  else found ok "port $1" "free, for $2"; fi
}

run_checks() {
  check_jdk
  check_tools
  check_docker
  check_command debootstrap debootstrap "makes the sandbox's Debian image where Docker can pull no debian:12" absent
  check_command shellcheck shellcheck "./penguin test checks the steps with it" missing
  check_memory
  check_disk
  # The demo takes free ports.
  check_port 8080 "the API of ./penguin up (SERVER_PORT)"
  check_port 8081 "its health and metrics (MANAGEMENT_SERVER_PORT)"
  check_port 8082 "the worker of ./penguin up (WORKER_SERVER_PORT)"
}

# Prints the findings; fails when something needed is missing.
doctor() {
  local json="$1"
  run_checks
  if [[ "$json" == yes ]]; then print_json; else print_table; fi
  ! printf '%s\n' "${findings[@]}" | grep -q '^missing'
}

print_table() {
  local line state what seen fix coloured=no
  # Asked here: inside $(mark) standard output is never a terminal.
  if [[ -t 1 && -z "${NO_COLOR:-}" && "${TERM:-}" != dumb ]]; then coloured=yes; fi
  for line in "${findings[@]}"; do
    IFS=$'\t' read -r state what seen fix <<<"$line"
    printf '%s %-14s %s\n' "$(mark "$state" "$coloured")" "$what" "$seen"
    [[ -z "$fix" ]] || printf '          fix: %s\n' "$fix"
  done
}

# $1 state, $2 yes|no
mark() {
  local colour=32
  case "$1" in missing) colour=31 ;; absent) colour=33 ;; esac
  if [[ "$2" == yes ]]; then printf '\033[%sm%-9s\033[0m' "$colour" "$1"; else printf '%-9s' "$1"; fi
}

escape_json() { printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g'; }

print_json() {
  local line state what seen fix separator=""
  printf '['
  for line in "${findings[@]}"; do
    IFS=$'\t' read -r state what seen fix <<<"$line"
    printf '%s\n  {"what": "%s", "state": "%s", "seen": "%s", "fix": "%s"}' "$separator" \
      "$(escape_json "$what")" "$state" "$(escape_json "$seen")" "$(escape_json "$fix")"
    separator=","
  done
  printf '\n]\n'
}
