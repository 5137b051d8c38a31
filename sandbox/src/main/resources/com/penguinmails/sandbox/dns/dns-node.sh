#!/usr/bin/env bash
# One DNS server of the sandbox. In: ROLE (root, primary, secondary, recursive), NET (first three
# octets), KEY (base64 of the sandbox's own TSIG key). State is in /var/lib/bind and stays.
# shellcheck disable=SC2016 # $TTL belongs to zone files
set -euo pipefail
role=$1 net=$2 key=$3
dir=/var/lib/bind
reverse=$(awk -F. '{print $3"."$2"."$1".in-addr.arpa"}' <<< "$net")
stop() { kill "$server" 2>/dev/null || true; wait "$server" || true; exit 0; }
trap stop TERM INT RTMIN+3

zone_file() { # FILE LINES...: written once, afterwards it is the server's
  local file=$dir/$1
  shift
  [[ -e $file ]] || printf '%s\n' "$@" > "$file"
}

bind_options() {
  cat <<OPTIONS
options {
  directory "/var/cache/bind";
  recursion no;
  allow-query { any; };
  allow-transfer { any; };
  allow-new-zones yes;
  listen-on { any; };
  listen-on-v6 { none; };
  dnssec-validation no;
  minimal-responses no;
  notify-delay 0;
  serial-query-rate 100;
  pid-file "/run/named/named.pid";
};
key "sandbox." { algorithm hmac-sha256; secret "$key"; };
include "/etc/bind/rndc.key";
controls { inet 127.0.0.1 allow { 127.0.0.1; } keys { "rndc-key"; }; };
include "$dir/keys.conf";
OPTIONS
}

updatable() { # ZONE FILE
  printf 'zone "%s" { type primary; file "%s/%s"; allow-update { key "sandbox."; }; };\n' "$1" "$dir" "$2"
}

start_bind() {
  mkdir -p /run/named
  touch "$dir/keys.conf"
  chown -R bind:bind /run/named "$dir" /var/cache/bind /etc/bind/rndc.key
  named -f -u bind -c /etc/bind/sandbox.conf &
  server=$!
}

case $role in
  root)
    zone_file root.db '$TTL 5' ". IN SOA a.root-servers.test. admin.test. 1 60 10 86400 2" \
      ". IN NS a.root-servers.test." "a.root-servers.test. IN A $net.2" \
      "test. IN NS a.root-servers.test." "$reverse. IN NS a.root-servers.test."
    zone_file test.db '$TTL 5' "test. IN SOA a.root-servers.test. admin.test. 1 60 10 86400 2" \
      "test. IN NS a.root-servers.test." "a.root-servers.test. IN A $net.2" \
      "ns1.test. IN A $net.3" "ns2.test. IN A $net.4"
    zone_file reverse.db '$TTL 5' "$reverse. IN SOA a.root-servers.test. admin.test. 1 60 10 86400 2" \
      "$reverse. IN NS a.root-servers.test."
    { bind_options; updatable . root.db; updatable test test.db; updatable "$reverse" reverse.db; } > /etc/bind/sandbox.conf
    start_bind
    ;;
  primary | secondary)
    bind_options > /etc/bind/sandbox.conf
    start_bind
    ;;
  recursive)
    cat > /etc/unbound/sandbox.conf <<UNBOUND
server:
  interface: 0.0.0.0
  access-control: 0.0.0.0/0 allow
  do-daemonize: no
  username: unbound
  chroot: ""
  module-config: "iterator"
  do-ip6: no
  do-not-query-localhost: no
  unblock-lan-zones: yes
  insecure-lan-zones: yes
  local-zone: "test." nodefault
  cache-max-ttl: 2
  cache-max-negative-ttl: 1
  infra-host-ttl: 5
  qname-minimisation: no
  use-syslog: no
  logfile: ""
stub-zone:
  name: "test."
  stub-addr: $net.2
stub-zone:
  name: "$reverse."
  stub-addr: $net.2
# Everything else is the Internet's, for package mirrors: Docker's own resolver knows the way.
forward-zone:
  name: "."
  forward-addr: 127.0.0.11
UNBOUND
    unbound -d -c /etc/unbound/sandbox.conf &
    server=$!
    ;;
  *) echo "no role \"$role\"" >&2; exit 64 ;;
esac
wait "$server"
