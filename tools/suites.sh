#!/usr/bin/env bash
# Counts the tests each module ran, from the reports of Surefire (unit) and Failsafe (it).
# Prints a line per suite and, last, "N passed, N failed"; fails when a test failed or when a suite
# that has test sources ran nothing.
# Usage: tools/suites.sh [ROOT [SUITE...]]      (default: unit it)
set -euo pipefail
cd "${1:-$(dirname "$0")/..}"
suites=("${@:2}")
((${#suites[@]})) || suites=(unit it)

# Sums an attribute of the <testsuite> element over report files. $1 attribute, $2... files
sum() {
  local attribute="$1"
  shift
  (($#)) || { echo 0; return; }
  sed -n "s/.*<testsuite .*[ ]$attribute=\"\([0-9]*\)\".*/\1/p" "$@" | awk '{ n += $1 } END { print n + 0 }'
}

# Does a module have sources of this kind? $1 module, $2 unit|it
has_sources() {
  local -a names=(-name '*Test.java')
  [[ "$2" == unit ]] || names=(-name '*IT.java')
  [[ -d "$1/src/test/java" && -n "$(find "$1/src/test/java" "${names[@]}" -print -quit)" ]]
}

passed=0 failed=0 empty=0
printf '%-17s %-5s %6s %6s %7s\n' module suite run failed skipped
for module in workflows infra-templates store ports activities worker api sandbox; do
  for suite in "${suites[@]}"; do
    reports=surefire-reports
    [[ "$suite" == unit ]] || reports=failsafe-reports
    mapfile -t files < <(find "$module/target/$reports" -name 'TEST-*.xml' 2>/dev/null)
    run="$(sum tests "${files[@]}")"
    bad="$(($(sum failures "${files[@]}") + $(sum errors "${files[@]}")))"
    skipped="$(sum skipped "${files[@]}")"
    if ((run == 0)) && ! has_sources "$module" "$suite"; then continue; fi
    printf '%-17s %-5s %6d %6d %7d' "$module" "$suite" "$run" "$bad" "$skipped"
    if ((run - skipped <= 0)); then
      printf '  EMPTY: there are test sources, but none ran'
      empty=$((empty + 1))
    fi
    printf '\n'
    passed=$((passed + run - bad - skipped))
    failed=$((failed + bad))
  done
done
echo
echo "$passed passed, $((failed + empty)) failed"
((failed + empty == 0 && passed > 0))
