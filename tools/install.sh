#!/usr/bin/env bash
# Puts pinned tools (tools/pins) into ${XDG_CACHE_HOME:-~/.cache}/penguin/tools/<tool>/<version>/.
# Usage: tools/install.sh [--where] TOOL...     --where only says where each is, and fails when one is nowhere.
# On PATH at that version, or cached already: nothing to do. Otherwise built by `go build` from
# tools/<tool>/go.mod; go.sum holds the checksum of every module that goes in. Without a Go a pinned one is fetched.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=tools/jdk.sh
source "$here/jdk.sh"
# shellcheck source=tools/go.sh
source "$here/go.sh"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/penguin/tools"

# Prints "<version> <package>..." of a tool; 2 for a tool that is not pinned.
pin_of() {
  awk -v tool="$1" '$1 == tool { $1 = ""; sub(/^ +/, ""); print; found = 1 } END { exit !found }' "$here/pins" || {
    echo "unknown tool \"$1\"; known: $(awk '!/^#/ && NF { printf "%s ", $1 }' "$here/pins")" >&2
    return 2
  }
}

# What an executable says its version is.
said_version() {
  case "$1" in
    temporal) "$2" --version 2>/dev/null ;;
    temporal-server) "$2" --version 2>/dev/null ;;
    pebble) "$2" -version 2>/dev/null ;;
    vault) "$2" version 2>/dev/null | sed 's/^Vault v//' ;; # a "v" would be part of the word
  esac
}

# Directory that holds every executable of the tool at its version, or fails.
# $1 tool, $2 version, $3... packages
directory_of() {
  local tool="$1" version="$2" package on_path
  shift 2
  if has_all "$cache/$tool/$version" "$@"; then
    echo "$cache/$tool/$version"
    return 0
  fi
  on_path="$(command -v "$tool")" || return 1
  said_version "$tool" "$on_path" | grep -qwF -- "${version}" || return 1
  for package in "$@"; do
    command -v "${package##*[/=]}" >/dev/null || return 1
  done
  dirname "$on_path"
}

has_all() {
  local directory="$1" package
  shift
  for package in "$@"; do
    [[ -x "$directory/${package##*[/=]}" ]] || return 1
  done
}

# Vault has a tag of its own for a server without the clients of clouds and databases: what secrets in KV v2
# and AppRole need is the same code, with storage in raft.
build_tags() {
  case "$1" in
    vault) echo minimal ;;
  esac
}

linker_flags() {
  case "$1" in
    temporal) echo "-s -w -X github.com/temporalio/cli/temporalcli.Version=$2" ;;
    pebble) echo "-s -w -X main.version=$2" ;;
    *) echo "-s -w" ;;
  esac
}

# $1 tool, $2 version, $3... packages. A directory appears under its name only when it is whole.
build() {
  local tool="$1" version="$2" target="$cache/$1/$2" package go
  shift 2
  if ! go="$(ready_go)"; then
    echo "$tool $version: not here, and there is no go to build it with. Either install Go 1.21 or newer" \
      "(https://go.dev/dl), or put these files on PATH: $(names "$@")" >&2
    return 1
  fi
  mkdir -p "$cache/$tool"
  exec 9>"$cache/$tool/.lock"
  flock 9 # a second build waits here and finds the first one's result
  if has_all "$target" "$@"; then return 0; fi
  local fresh
  fresh="$(mktemp -d "$cache/$tool/.building.XXXXXX")"
  # shellcheck disable=SC2064 # the path of now
  trap "rm -rf '$fresh'" EXIT
  for package in "$@"; do
    echo "building ${package##*[/=]} $version with $("$go" env GOVERSION) (once per user and version)" >&2
    (cd "$here/$tool" && CGO_ENABLED=0 "$go" build -mod=readonly -trimpath \
      -tags "$(build_tags "$tool")" -ldflags "$(linker_flags "$tool" "$version")" -o "$fresh/${package##*[/=]}" "${package%%=*}")
  done
  chmod 755 "$fresh"
  rm -rf "$target"
  mv -T "$fresh" "$target"
  trap - EXIT
  flock -u 9
}

names() {
  local package
  for package in "$@"; do printf '%s ' "${package##*[/=]}"; done
}

# $1 "where" or "install", $2 tool
handle() {
  local pin version
  pin="$(pin_of "$2")" || return 2
  local -a packages
  read -ra packages <<<"$pin"
  version="${packages[0]}"
  packages=("${packages[@]:1}")
  if ! directory_of "$2" "$version" "${packages[@]}" >/dev/null; then
    [[ "$1" == install ]] || { echo "$2 $version: not here" >&2; return 1; }
    build "$2" "$version" "${packages[@]}" || return 1
  fi
  echo "$2 $version $(directory_of "$2" "$version" "${packages[@]}")"
}

main() {
  local mode=install tool
  if [[ "${1:-}" == --where ]]; then
    mode=where
    shift
  fi
  if (($# == 0)); then
    sed -n '2,5s/^# //p' "$0" >&2
    exit 2
  fi
  for tool in "$@"; do handle "$mode" "$tool" || exit $?; done
}

main "$@"
