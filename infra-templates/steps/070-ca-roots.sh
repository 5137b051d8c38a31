#!/usr/bin/env bash
# Extra certificate authorities the host trusts: those of a test installation; none in production.
# In: COUNT (number of its files, penguin-1.crt and so on). Needs: 020-packages. Undo: rm the files, update-ca-certificates
set -euo pipefail
# shellcheck source=step.sh
source "$(dirname "$0")/step.sh"
# shellcheck source=facts.sh
source "$(dirname "$0")/facts.sh"

ROOTS=/usr/local/share/ca-certificates
BUNDLE=/etc/ssl/certs/ca-certificates.crt

# Ours that are there but no longer wanted (COUNT of them are).
stale() {
  local file number
  for file in "$ROOTS"/penguin-*.crt; do
    [[ -e $file ]] || continue
    number=${file##*/penguin-}
    ((${number%.crt} <= COUNT)) || echo "$file"
  done
}

probe() {
  expect_files
  expect_settled
  [[ -z $(stale) ]] || finds DRIFT "no longer wanted: $(stale | xargs)"
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
  stale | xargs -r rm -f
  update-ca-certificates --fresh >/dev/null 2>&1 || give_up "update-ca-certificates failed"
  settled
}

run_step "$@"
