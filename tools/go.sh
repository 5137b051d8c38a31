# shellcheck shell=bash
# A Go that can build the tools: the one on PATH, or a pinned one that is fetched. Sourced by tools/install.sh
# and doctor.sh. Needs: find_jdk_25.

# The archives of the Go module proxy, which `go` itself fetches toolchains from. Their h1: sums were held
# against the Go checksum database when these were written down.
readonly GO_VERSION=1.25.4
declare -rA GO_SHA256=(
  [linux-amd64]=f4fa35e13952bae9836a82d8cf077710cd58fee98d31680f94edf435852b1af2
  [linux-arm64]=2f51856a090fbee308b1e38e19eb46f59827b1518c61afb4cc46cc4f649b1799
)

# This machine in Go's words.
go_system() {
  local machine
  machine="$(uname -m)"
  case "$machine" in x86_64) machine=amd64 ;; aarch64) machine=arm64 ;; esac
  echo "$(uname -s | tr '[:upper:]' '[:lower:]')-$machine"
}

# Whether there is a Go, or can be one.
can_have_go() {
  find_go >/dev/null || [[ -n "${GO_SHA256[$(go_system)]:-}" ]]
}

fetched_go() {
  echo "${XDG_CACHE_HOME:-$HOME/.cache}/penguin/tools/go/$GO_VERSION"
}

# Prints the path of a `go` that is here and new enough. From 1.21 on Go fetches the version that a go.mod asks
# for; older ones (Debian 12 has 1.19) fail late, in words nobody understands.
find_go() {
  local version
  if version="$(go env GOVERSION 2>/dev/null)" \
    && [[ "$(printf '%s\n' go1.21 "$version" | sort -V | head -n 1)" == go1.21 ]]; then
    command -v go
  elif [[ -x "$(fetched_go)/bin/go" ]]; then
    echo "$(fetched_go)/bin/go"
  else
    return 1
  fi
}

# Prints the path of a `go`; fetches one, once per user, where there is none.
ready_go() {
  find_go || { fetch_go && find_go; }
}

# The directory appears under its name only when it is whole.
fetch_go() {
  local system sum java_home proxy top fresh
  system="$(go_system)"
  sum="${GO_SHA256[$system]:-}"
  [[ -n "$sum" ]] || { echo "no Go here, and none is pinned for $system" >&2; return 1; }
  java_home="$(find_jdk_25)" || { echo "No JDK 25 found. $(jdk_advice)" >&2; return 1; }
  proxy="${GOPROXY:-}"
  proxy="${proxy%%[,|]*}"
  [[ "$proxy" == http* ]] || proxy=https://proxy.golang.org
  top="golang.org/toolchain@v0.0.1-go$GO_VERSION.$system"
  mkdir -p "$(dirname "$(fetched_go)")"
  fresh="$(mktemp -d "$(dirname "$(fetched_go)")/.fetching.XXXXXX")"
  echo "fetching Go $GO_VERSION to build servers with (64 MB, once per user)" >&2
  if ! "$java_home/bin/java" "$(dirname "${BASH_SOURCE[0]}")/Fetch.java" "$proxy/${top/@/\/@v\/}.zip" "$sum" "$top" "$fresh"; then
    rm -rf "$fresh"
    return 1
  fi
  chmod 755 "$fresh" "$fresh"/bin/* "$fresh"/pkg/tool/*/*
  mv -T "$fresh" "$(fetched_go)" 2>/dev/null || rm -rf "$fresh" # another was faster
}
