#!/usr/bin/env bash
# Toy: takes its time, so that it can be interrupted anywhere. Counts its beginnings.
# In: TENTHS (of a second)
set -euo pipefail
# shellcheck source=/dev/null
source "$(dirname "$0")/step.sh"

probe() {
  if [[ -e /var/tmp/slow-done ]]; then answer OK "begun $(wc -l < /var/tmp/slow-begun) times"
  elif [[ -e /var/tmp/slow-begun ]]; then answer PARTIAL "begun"
  else answer ABSENT "nothing"; fi
}
apply() {
  echo x >> /var/tmp/slow-begun
  install_files
  for ((i = 0; i < TENTHS; i++)); do echo "tenth $i"; sleep 0.1; done
  touch /var/tmp/slow-done
}

run_step "$@"
