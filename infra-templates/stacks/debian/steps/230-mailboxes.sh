#!/usr/bin/env bash
# Domains, mailboxes, role addresses and who may send as whom. Dovecot and Postfix notice new files
# by themselves: no reload, so nothing that waits is disturbed.
# Mail in /var/vmail is removed of those mailboxes only that the file "removed" names: their tenant ended them,
# and the time in which that could be taken back is over.
# In: its files. Needs: 020-packages. Undo: rm the files; mail in /var/vmail stays
set -euo pipefail
# shellcheck source=../../../host/step.sh
source "$(dirname "$0")/step.sh"
# shellcheck source=../../../steps/facts.sh
source "$(dirname "$0")/facts.sh"

MAPS=/etc/postfix/penguin
DOVECOT=/etc/dovecot/penguin

# same_map NAME: the hash file holds what the text says.
same_map() {
  [[ -e $MAPS/$1.db && -e $MAPS/$1 ]] || return 1
  [[ "$(in_empty_postfix postmap -s "hash:$MAPS/$1" 2>/dev/null | tr '\t' ' ' | LC_ALL=C sort)" == "$(grep -v '^#' "$MAPS/$1" | grep . | LC_ALL=C sort)" ]]
}
# postmap wants a main.cf; this works before ours is there, and whatever is in it.
in_empty_postfix() { MAIL_CONFIG=$PENGUIN_STATE/empty-postfix "$@"; }

# The mail that is to go: directories, one a line. An address that is a mailbox (again) keeps its mail, and what
# does not look like an address of ours names no directory.
mail_to_remove() {
  local address
  while IFS= read -r address; do
    [[ $address =~ ^[a-z0-9][a-z0-9._+-]*@[a-z0-9][a-z0-9.-]*$ ]] || continue
    ! grep -qxF "$address mailbox" $MAPS/vmailbox || continue
    [[ ! -d /var/vmail/${address#*@}/${address%@*} ]] || printf '%s\n' "/var/vmail/${address#*@}/${address%@*}"
  done < <(grep -v '^#' $DOVECOT/removed 2>/dev/null || true)
}

# No session outlives its login.
end_sessions_without_login() {
  local address
  systemctl is-active --quiet dovecot || return 0
  while IFS=: read -r address _; do
    doveadm kick "$address" >/dev/null 2>&1 || true # nobody is there
  done < <(grep -v '^#' $DOVECOT/roles || true)
}

probe() {
  local map
  expect_files
  { id vmail && getent group vmail; } >/dev/null 2>&1 || finds ABSENT "no user vmail"
  [[ "$(stat -c '%U:%G %a' /var/vmail 2>/dev/null)" == "vmail:vmail 750" ]] || finds ABSENT "/var/vmail is not there, or not vmail's alone"
  if [[ $verdict_state != ABSENT ]]; then
    for map in vdomains vmailbox valias senders; do
      same_map $map || finds PARTIAL "$MAPS/$map.db is not what $map says"
    done
  fi
  [[ -z "$(mail_to_remove)" ]] || finds PARTIAL "mail of removed mailboxes is still there"
  verdict "mailboxes: $(grep -c '^[^#]' $DOVECOT/users 2>/dev/null || true), names they are in: $(grep -c '^[^#]' $MAPS/vdomains 2>/dev/null || true)"
}

apply() {
  local map
  need_free_mib /var 50
  # One by one: killed in between, useradd leaves a user whose group is not there.
  [[ -n $(getent group vmail) ]] || groupadd --system vmail
  id vmail >/dev/null 2>&1 || useradd --system --gid vmail --no-create-home --home-dir /var/vmail --shell /usr/sbin/nologin vmail
  install -d -o vmail -g vmail -m 0750 /var/vmail
  mkdir -p "$PENGUIN_STATE/empty-postfix"
  touch "$PENGUIN_STATE/empty-postfix/main.cf"
  settled_for_postfix "$PENGUIN_STATE/empty-postfix/main.cf"
  change_files
  for map in vdomains vmailbox valias senders; do
    if ! same_map $map; then
      # Made beside and renamed: a reader sees the old one or the new one.
      cp $MAPS/$map $MAPS/$map.penguin-new
      in_empty_postfix postmap "hash:$MAPS/$map.penguin-new" || give_up broken "postmap refuses $MAPS/$map"
      mv -f $MAPS/$map.penguin-new.db $MAPS/$map.db
      rm -f $MAPS/$map.penguin-new
    fi
  done
  end_sessions_without_login
  mail_to_remove | while IFS= read -r place; do rm -rf -- "$place"; done
}

run_step "$@"
