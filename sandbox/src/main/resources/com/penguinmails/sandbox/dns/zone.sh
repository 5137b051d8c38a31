#!/usr/bin/env bash
# Zones of an authoritative server of the sandbox.
#   zone.sh add primary ZONE SECONDARY KEYNAME SECRET   makes or restores the zone, with its own key
#   zone.sh add secondary ZONE PRIMARY
#   zone.sh servfail ZONE            the zone is there but cannot be answered from
#   zone.sh locked ZONE SECONDARY    the zone's own key may not change it
#   zone.sh silent ZONE KEYNAME      no transfers and no notices: the secondary goes stale
#   zone.sh retransfer ZONE          on the secondary: fetch it now
set -euo pipefail
dir=/var/lib/bind
exists() { rndc showzone "$1" > /dev/null 2>&1; } # zonestatus does not know a zone that failed to load
define() { # ZONE CONFIG: a reconfig still under way does not know a new key yet
  local try order=addzone
  if exists "$1"; then order=modzone; fi
  for try in {1..25}; do
    if rndc "$order" "$1" "$2" 2> /dev/null; then return; fi
    sleep 0.2
  done
  echo "$order $1 refused $try times" >&2
  return 1
}
primary() { # ZONE UPDATERS TRANSFER NOTIFY
  printf '{ type primary; file "%s/%s.db"; allow-update { %s }; allow-transfer { %s; }; %s };' "$dir" "$1" "$2" "$3" "$4"
}
case $1-${2:-} in
  add-primary)
    zone=$3 secondary=$4 key=$5 secret=$6
    if ! grep -q "key \"$key\"" "$dir/keys.conf"; then
      printf 'key "%s" { algorithm hmac-sha256; secret "%s"; };\n' "$key" "$secret" >> "$dir/keys.conf"
      rndc reconfig
    fi
    if [[ ! -e $dir/$zone.db ]]; then
      # shellcheck disable=SC2016 # $TTL is the zone file's
      printf '$TTL 5\n@ IN SOA ns1.test. admin.test. 1 60 10 86400 2\n@ IN NS ns1.test.\n@ IN NS ns2.test.\n' > "$dir/$zone.db"
      chown bind:bind "$dir/$zone.db"
    fi
    exists "$zone" && rndc showzone "$zone" | grep -qE 'type (secondary|slave)' && rndc delzone "$zone"
    define "$zone" "$(primary "$zone" "key \"$key\"; key \"sandbox.\";" any "notify explicit; also-notify { $secondary; };")"
    ;;
  add-secondary)
    exists "$3" && rndc delzone "$3"
    rndc addzone "$3" "{ type secondary; file \"$dir/$3.copy\"; primaries { $4; }; allow-notify { $4; }; };"
    ;;
  servfail-*)
    exists "$2" && rndc delzone "$2"
    # A secondary that has never reached its primary answers SERVFAIL.
    rndc addzone "$2" "{ type secondary; primaries { 127.0.0.9; }; };"
    ;;
  locked-*) rndc modzone "$2" "$(primary "$2" 'key "sandbox.";' any "notify explicit; also-notify { $3; };")" ;;
  silent-*) rndc modzone "$2" "$(primary "$2" "key \"$3\"; key \"sandbox.\";" none 'notify no;')" ;;
  retransfer-*) rndc retransfer "$2" ;;
  *) echo "no such order: $*" >&2; exit 64 ;;
esac
