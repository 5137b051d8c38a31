# shellcheck shell=bash
# Whether the Go here can build the tools. Sourced by ./penguin and .ci/run.

# From 1.21 on Go fetches the version that a go.mod asks for; older ones (Debian 12 has 1.19) fail late, in
# words nobody understands.
new_enough_go() {
  local version
  version="$(go env GOVERSION 2>/dev/null)" || return 1
  [[ "$(printf '%s\n' go1.21 "$version" | sort -V | head -n 1)" == go1.21 ]]
}
