#!/usr/bin/env bash
# nginx serves MTA-STS policies and autoconfig over HTTPS.
# In: NAMES (blank-separated), its files. Needs: 240-tls. Undo: rm the site, reload nginx
set -euo pipefail
# shellcheck source=../../../host/step.sh
source "$(dirname "$0")/step.sh"
# shellcheck source=../../../steps/facts.sh
source "$(dirname "$0")/facts.sh"

probe() {
  local name path code
  expect_files
  expect_unit nginx
  if [[ $verdict_state == OK ]]; then
    for name in $NAMES; do
      path=/.well-known/mta-sts.txt
      [[ $name == mta-sts.* ]] || path=/mail/config-v1.1.xml
      code=$(curl -sk -o /dev/null -m 5 -w '%{http_code}' --resolve "$name:443:127.0.0.1" "https://$name$path" || true)
      [[ $code == 200 ]] || finds DRIFT "https://$name$path answers $code"
    done
  fi
  verdict "served over https: $NAMES"
}

apply() {
  local complaint
  change_files
  complaint=$(nginx -t 2>&1) || give_up broken "nginx refuses its configuration: ${complaint:0:300}"
  run_unit nginx reload
  until_true 10 port_open 443 || give_up broken "nginx does not listen on 443"
}

run_step "$@"
