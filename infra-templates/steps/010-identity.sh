#!/usr/bin/env bash
# Host name, its line in /etc/hosts, and UTC, so that HELO, logs and certificates agree.
# In: FQDN, ADDRESS (the public IPv4 address). Needs: nothing. Undo: all files
# and the name of before.
set -euo pipefail
# shellcheck source=../host/step.sh
source "$(dirname "$0")/step.sh"
# shellcheck source=facts.sh
source "$(dirname "$0")/facts.sh"

FILES=(/etc/hostname /etc/hosts /etc/localtime /etc/timezone)

# A name that leads to loopback breaks look-ups of the host by itself; ours leads to its address.
hosts_is_right() {
  awk -v a="$ADDRESS" -v n="$FQDN" '
    /^[[:space:]]*#/ { next }
    { for (i = 2; i <= NF; i++) if ($i == n) { if ($1 == a) good = 1; else bad = 1 } }
    END { exit !(good && !bad) }' /etc/hosts
}

probe() {
  expect_value "kernel host name" "$(hostname)" "$FQDN"
  expect_value /etc/hostname "$(head -n 1 /etc/hostname 2>/dev/null || true)" "$FQDN"
  hosts_is_right || finds DRIFT "/etc/hosts does not lead $FQDN to $ADDRESS alone"
  expect_value "time zone" "$(readlink -f /etc/localtime | sed 's#.*/zoneinfo/##')" Etc/UTC
  verdict "$FQDN is $ADDRESS, clock in UTC"
}

apply() {
  need_free_mib / 50
  local file
  for file in "${FILES[@]}"; do keep_before "$file"; done
  printf '%s\n' "$FQDN" >/etc/hostname.penguin-new
  mv -f /etc/hostname.penguin-new /etc/hostname
  hostname "$FQDN"
  if ! hosts_is_right; then
    awk -v a="$ADDRESS" -v n="$FQDN" -v s="${FQDN%%.*}" '
      /^[[:space:]]*#/ || NF == 0 { print; next }
      { line = $1; kept = 0
        for (i = 2; i <= NF; i++) if ($i != n && !($1 ~ /^127\.0\.1\./ && $i == s)) { line = line " " $i; kept++ }
        if (kept > 0) print line }
      END { print a " " n " " s }' /etc/hosts >/etc/hosts.penguin-new
    chmod 0644 /etc/hosts.penguin-new
    mv -f /etc/hosts.penguin-new /etc/hosts
  fi
  # Minimal images have no zone files; the C library reads a dangling link as UTC.
  ln -sfn /usr/share/zoneinfo/Etc/UTC /etc/localtime
  echo Etc/UTC >/etc/timezone
  for file in "${FILES[@]}"; do if [[ -e $file ]]; then mark_ours "$file"; fi; done
}

undo() {
  local file
  for file in "${FILES[@]}"; do put_back "$file"; done
  if [[ -s /etc/hostname ]]; then hostname -F /etc/hostname; fi
}

run_step "$@"
