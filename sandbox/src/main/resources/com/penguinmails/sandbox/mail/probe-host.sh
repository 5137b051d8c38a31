#!/usr/bin/env bash
# First process of the probe host: waits for its mailbox login, then serves SMTP and IMAP.
set -euo pipefail
trap 'postfix stop >/dev/null 2>&1 || true; dovecot stop || true; exit 0' SIGTERM SIGINT SIGRTMIN+3

if [[ ! -s /etc/probe-host/key.pem ]]; then
  (umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -days 365 -subj /CN=mx.probe.test -addext subjectAltName=DNS:mx.probe.test \
    -keyout /etc/probe-host/key.pem.new -out /etc/probe-host/certificate.pem 2>/dev/null)
  mv /etc/probe-host/key.pem.new /etc/probe-host/key.pem
fi
until [[ -s /etc/probe-host/users ]]; do sleep 0.1; done
rm -f /var/spool/postfix/pid/master.pid /run/dovecot/master.pid # left behind by a pulled plug
dovecot
postfix start
while :; do sleep 3600 & wait $!; done
