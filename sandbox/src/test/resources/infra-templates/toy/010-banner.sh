#!/usr/bin/env bash
# Toy: one file that was the tenant's before.
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "$0")/step.sh"

probe() {
  local drift
  drift=$(file_drift)
  if [[ -z $drift ]]; then answer OK "as wanted"; else answer DRIFT "$drift"; fi
}
apply() { install_files; }

run_step "$@"
