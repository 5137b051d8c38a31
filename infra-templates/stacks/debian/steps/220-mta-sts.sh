#!/usr/bin/env bash
# postfix-mta-sts-resolver: tells Postfix which receivers insist on TLS (RFC 8461).
# In: its files. Needs: 020-packages, 080-resolver. Undo: systemctl disable --now postfix-mta-sts-resolver
set -euo pipefail
# shellcheck source=../../../host/step.sh
source "$(dirname "$0")/step.sh"
# shellcheck source=../../../steps/facts.sh
source "$(dirname "$0")/facts.sh"

UNIT=postfix-mta-sts-resolver

listens() { port_open 8461; }

probe() {
  expect_files
  expect_unit $UNIT
  if [[ $verdict_state == OK ]]; then listens || finds DRIFT "nothing listens on 127.0.0.1:8461"; fi
  verdict "policies of receivers are looked up on 127.0.0.1:8461"
}

apply() {
  change_files
  run_unit $UNIT
  until_true 10 listens || give_up broken "$UNIT does not listen on 127.0.0.1:8461"
}

run_step "$@"
