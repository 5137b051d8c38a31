#!/usr/bin/env bash
# Our own nftables table, never a flush of others: mail, web and SSH come in, what the tenant served
# before stays reachable, and only Postfix may speak to port 25 elsewhere. Undone by itself after five
# minutes unless our login has come in anew by then.
# In: its files. Needs: 020-packages, 090-sshd. Undo: systemctl disable --now penguin-firewall
set -euo pipefail
# shellcheck source=../host/step.sh
source "$(dirname "$0")/step.sh"
# shellcheck source=facts.sh
source "$(dirname "$0")/facts.sh"

RULES=/etc/penguin/firewall.nft
PORTS=/etc/penguin/firewall-ports.nft
OURS=' 25 80 443 465 587 993 '

# What listens now on addresses others can reach, less ours. Recorded once, before our services run:
# a listener that turns up later is not let in by a repair.
listening() {
  ss -Hln"$1" | awk '$4 !~ /^(127\.|\[::1\]|\[fe80)/ { sub(/.*:/, "", $4); print $4 }' | sort -nu |
    while read -r port; do [[ $OURS == *" $port "* ]] || echo "$port"; done
}
joined() { sort -nu | paste -sd, | sed 's/,/, /g'; }

record_ports() {
  [[ -e $PORTS ]] && return
  local ssh_ports
  ssh_ports=$(sshd -T 2>/dev/null | awk '$1 == "port" { print $2 }')
  {
    echo "# What this host served when its firewall was first made."
    echo "define ssh_ports = { $(joined <<<"${ssh_ports:-22}") }"
    echo "define kept_tcp = { $({ listening t; echo "${ssh_ports:-22}"; } | joined) }"
    echo "define kept_udp = { $({ listening u; echo 68; } | joined) }"
  } >"$PORTS.penguin-new"
  mv -f "$PORTS.penguin-new" "$PORTS"
}

# The table as the kernel has it, and as the file would make it in an empty network namespace.
as_loaded() { nft -s -t list table inet penguin 2>/dev/null; }
as_in_file() { unshare -n sh -c "nft -f $RULES && nft -s -t list table inet penguin" 2>/dev/null; }

probe() {
  local loaded
  expect_files
  expect_unit penguin-firewall
  if [[ -e $RULES ]]; then
    [[ -e $PORTS ]] || finds DRIFT "missing $PORTS"
    loaded=$(as_loaded) || true
    if [[ -z $loaded ]]; then finds ABSENT "table inet penguin is not loaded"
    elif [[ $loaded != "$(as_in_file)" ]]; then finds DRIFT "table inet penguin is not what its file says"; fi
  fi
  verdict "table inet penguin is loaded, only Postfix may reach port 25; $(/usr/local/sbin/penguin-revert ask firewall 2>/dev/null || true)"
}

apply() {
  mkdir -p /etc/penguin
  record_ports
  install_files --check 'nft -c -f {}' "$RULES" ||
    give_up broken "the kernel or nft refuses the rules, nothing was loaded"
  change_files
  /usr/local/sbin/penguin-revert arm firewall
  is_changed=true
  run_unit penguin-firewall reload
  /usr/local/sbin/penguin-revert arm firewall # logins count from here
}

run_step "$@"
