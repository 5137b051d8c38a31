#!/usr/bin/env bash
# Counts the tests each module ran, from the reports of Surefire (unit) and Failsafe (it, and bad-days: those
# of a package badday). Prints a line per module and suite, each failed test with what it said, and, last,
# "N passed, N failed"; fails when a test failed, when a module that has test sources of a suite ran none of
# them, and when no module has any.
# Usage: tools/suites.sh [ROOT [SUITE...]]      (default: unit it bad-days)
set -euo pipefail
cd "${1:-$(dirname "$0")/..}"
suites=("${@:2}")
((${#suites[@]})) || suites=(unit it bad-days)
for suite in "${suites[@]}"; do
  [[ "$suite" =~ ^(unit|it|bad-days)$ ]] || { echo "unknown suite \"$suite\"" >&2; exit 2; }
done

# Sums an attribute of the <testsuite> element over report files. $1 attribute, $2... files
sum() {
  local attribute="$1"
  shift
  (($#)) || { echo 0; return; }
  sed -n "s/.*<testsuite .*[ ]$attribute=\"\([0-9]*\)\".*/\1/p" "$@" | awk '{ n += $1 } END { print n + 0 }'
}

# Reports of a suite. Both executions of Failsafe write into one directory; packages tell them apart.
# $1 module, $2 suite
reports() {
  case "$2" in
    unit) find "$1/target/surefire-reports" -name 'TEST-*.xml' ;;
    it) find "$1/target/failsafe-reports" -name 'TEST-*.xml' ! -name '*.badday.*' ;;
    bad-days) find "$1/target/failsafe-reports" -name 'TEST-*.badday.*.xml' ;;
  esac 2>/dev/null || true # a module without reports has no directory for them
}

# Does a module have sources of this kind? $1 module, $2 suite
has_sources() {
  local -a kind=(-name '*Test.java')
  case "$2" in
    it) kind=(-name '*IT.java' ! -path '*/badday/*') ;;
    bad-days) kind=(-path '*/badday/*IT.java') ;;
  esac
  [[ -d "$1/src/test/java" && -n "$(find "$1/src/test/java" "${kind[@]}" -print -quit)" ]]
}

# Names each test of a suite that failed, with the beginning and the end of why: what is above may be cut off,
# and a long description of what was tried stands before what was wrong.
# $1 module, $2... reports
name_failed() {
  local module="$1"
  shift
  awk -v module="$module" '
    function attribute(name,   at) {
      at = match($0, " " name "=\"[^\"]*\"")
      return at ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : ""
    }
    /<testcase / { test = attribute("classname") "." attribute("name") }
    /<(failure|error)[ >]/ {
      why = attribute("message")
      gsub(/[ \t]*&#(10|13);[ \t]*/, " ", why); sub(/^ /, "", why)
      gsub(/&lt;/, "<", why); gsub(/&gt;/, ">", why); gsub(/&quot;/, "\"", why); gsub(/&amp;/, "\\&", why)
      if (length(why) > 700) { why = substr(why, 1, 200) " [...] " substr(why, length(why) - 499) }
      printf "FAILED %s: %s: %s\n", module, test, why == "" ? attribute("type") : why
    }' "$@"
}

passed=0 failed=0 empty=0
failures=()
printf '%-17s %-8s %6s %6s %7s\n' module suite run failed skipped
for suite in "${suites[@]}"; do
  seen=0
  for module in workflows infra-templates store ports activities worker api sandbox; do
    mapfile -t files < <(reports "$module" "$suite")
    run="$(sum tests "${files[@]}")"
    bad="$(($(sum failures "${files[@]}") + $(sum errors "${files[@]}")))"
    skipped="$(sum skipped "${files[@]}")"
    if ((run == 0)) && ! has_sources "$module" "$suite"; then continue; fi
    seen=1
    printf '%-17s %-8s %6d %6d %7d' "$module" "$suite" "$run" "$bad" "$skipped"
    if ((run - skipped <= 0)); then
      printf '  EMPTY: there are test sources, but none ran'
      empty=$((empty + 1))
    fi
    printf '\n'
    if ((bad)); then
      mapfile -t -O "${#failures[@]}" failures < <(name_failed "$module" "${files[@]}")
    fi
    passed=$((passed + run - bad - skipped))
    failed=$((failed + bad))
  done
  if ((seen == 0)); then
    printf '%-17s %-8s %6d %6d %7d  EMPTY: no module has any\n' - "$suite" 0 0 0
    empty=$((empty + 1))
  fi
done
echo
((${#failures[@]})) && printf '%s\n' "${failures[@]}" ''
echo "$passed passed, $((failed + empty)) failed"
((failed + empty == 0 && passed > 0))
