#!/usr/bin/env bash
# Extra certificate authorities the host trusts: those of a test installation; none in production.
# In: COUNT (number of its files, penguin-1.crt and so on). Needs: 020-packages. Undo: rm the files, update-ca-certificates
set -euo pipefail
# shellcheck source=../host/step.sh
source "$(dirname "$0")/step.sh"
# shellcheck source=facts.sh
source "$(dirname "$0")/facts.sh"

ROOTS=/usr/local/share/ca-certificates
BUNDLE=/etc/ssl/certs/ca-certificates.crt

probe() {
  expect_files
  local number
  for ((number = 1; number <= COUNT; number++)); do
    [[ -e $ROOTS/penguin-$number.crt ]] || continue
    # The second line of a certificate in PEM form is enough to find it in the bundle.
    grep -qsxF "$(sed -n 2p "$ROOTS/penguin-$number.crt")" "$BUNDLE" || finds PARTIAL "root $number is not in $BUNDLE"
  done
  verdict "$COUNT extra roots are trusted"
}

apply() {
  change_files
  # Nothing to add or to take away: the packages brought the bundle.
  if ! $is_changed && ((COUNT == 0)); then return 0; fi
  update-ca-certificates >/dev/null 2>&1 || give_up broken "update-ca-certificates failed"
}

run_step "$@"
