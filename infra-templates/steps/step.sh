# What every step is made of; sourced, never run. Its caller gives `probe` and `apply`.
# shellcheck shell=bash
# In: STEP_NAME (such as 090-unbound), STEP_FILES (a file with one line for each file of the step:
# staged path, target, owner, mode, separated by tabs).

# answer STATE EVIDENCE: one JSON line.
answer() {
  local text=${2//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/; }
  text=${text//[[:cntrl:]]/ }
  printf '{"state":"%s","evidence":"%s"}\n' "$1" "$text"
}

# Prints `missing TARGET` or `changed TARGET` for each file that is not as it should be.
file_drift() {
  local staged target owner mode
  while IFS=$'\t' read -r staged target owner mode; do
    if [[ ! -e $target ]]; then echo "missing $target"
    elif ! cmp -s "$staged" "$target" || [[ "$(stat -c '%U:%G 0%a' "$target")" != "$owner $mode" ]]; then
      echo "changed $target"
    fi
  done <"$STEP_FILES"
}

# Puts each file of the step in place that is not; prints the targets it wrote.
install_files() {
  local staged target owner mode
  while IFS=$'\t' read -r staged target owner mode; do
    if [[ -e $target ]] && cmp -s "$staged" "$target" && [[ "$(stat -c '%U:%G 0%a' "$target")" == "$owner $mode" ]]; then
      continue
    fi
    mkdir -p "$(dirname "$target")"
    install -o "${owner%:*}" -g "${owner#*:}" -m "$mode" "$staged" "$target.penguin-new"
    mv -f "$target.penguin-new" "$target"
    echo "$target"
  done <"$STEP_FILES"
}

run_step() { "$1"; }
