#!/usr/bin/env bash
# unbound on 127.0.0.1 as the only resolver: blocklists refuse public resolvers, and DNSSEC wants a
# validating one of our own.
# In: its files. Needs: 020-packages. Undo: put back /etc/resolv.conf.before-penguin
set -euo pipefail
# shellcheck source=../host/step.sh
source "$(dirname "$0")/step.sh"
# shellcheck source=facts.sh
source "$(dirname "$0")/facts.sh"

RESOLV=/etc/resolv.conf
WANTED='nameserver 127.0.0.1'

answers() { port_open 53; }

probe() {
  expect_files
  expect_unit unbound
  if [[ $verdict_state == OK ]]; then answers || finds DRIFT "nothing answers on 127.0.0.1:53"; fi
  expect_value "$RESOLV" "$(grep -E '^(nameserver|search|domain)' $RESOLV | xargs)" "$WANTED"
  verdict "unbound answers on 127.0.0.1 and is the only resolver"
}

apply() {
  need_free_mib /etc 20
  # Checked before it replaces a resolver that works.
  change_files
  local complaint
  # The package's own unit copies the root key at each start; the check wants it before.
  /usr/libexec/unbound-helper root_trust_anchor_update 2>/dev/null || true
  complaint=$(unbound-checkconf 2>&1) || give_up broken "unbound refuses its configuration: $complaint"
  run_unit unbound
  until_true 10 answers || give_up broken "unbound does not answer on 127.0.0.1:53"
  if [[ "$(grep -E '^(nameserver|search|domain)' $RESOLV | xargs)" != "$WANTED" ]]; then
    [[ -e $RESOLV.before-penguin || ! -e $RESOLV ]] || cp -L $RESOLV $RESOLV.before-penguin
    printf '# unbound on this host; DNS blocklists refuse public resolvers.\n%s\noptions edns0 trust-ad\n' "$WANTED" >$RESOLV.penguin-new
    chmod 0644 $RESOLV.penguin-new
    mv -f $RESOLV.penguin-new $RESOLV
  fi
}

run_step "$@"
