#!/usr/bin/env bash
# Makes the SMTP side misbehave. In: none | greylist SECONDS [CLIENT] | refuse | alter | down | slow SECONDS
set -euo pipefail

stop_greylisting() { pkill -f /usr/sbin/postgrey || true; }

behave() {
  postconf -e "smtpd_recipient_restrictions = $1" "body_checks = ${2:-}"
  if postfix status >/dev/null 2>&1; then postfix reload; else postfix start; fi
}

case "$1" in
  none) stop_greylisting; behave "permit" ;;
  greylist)
    stop_greylisting
    until ! pgrep -f /usr/sbin/postgrey >/dev/null; do sleep 0.1; done
    rm -rf /var/lib/postgrey/*
    postgrey --daemonize --inet=127.0.0.1:10023 --delay="$2" --user=postgrey \
      --greylist-action="451 4.7.1" --dbdir=/var/lib/postgrey
    # An access table takes a restriction with an argument only as a class of its own.
    postconf -e "smtpd_restriction_classes = greylisted" "greylisted = check_policy_service inet:127.0.0.1:10023"
    if [[ -n ${3:-} ]]; then behave "check_client_access inline:{{$3 = greylisted}}, permit"
    else behave "greylisted, permit"; fi
    ;;
  refuse) behave "check_recipient_access static:{550 5.7.1 Refused by the sandbox}, permit" ;;
  alter) behave permit 'regexp:{{/^Nobody needs/ REPLACE Everybody ought to read this.}}' ;;
  slow) behave "sleep $2, permit" ;;
  down) postfix stop ;;
  *) echo "unknown fault: $1" >&2; exit 2 ;;
esac
