#!/bin/sh
# Copies what built modules run with into TARGET/lib, each jar once, and writes the class path of each module beside it.
# Usage: deploy/collect.sh TARGET MODULE...      in the checkout, after `mvnw package`
set -eu
target="$1"
shift
mkdir -p "$target/lib"

# Of two jars with one name the second would be lost. $1 jar
take() {
  name="$(basename "$1")"
  if [ -e "$target/lib/$name" ]; then
    cmp -s "$1" "$target/lib/$name" || { echo "$1: another jar of this name is there already" >&2; exit 1; }
  else
    cp "$1" "$target/lib/"
  fi
  printf 'lib/%s:' "$name"
}

for module in "$@"; do
  # The newest: another version's may be there still.
  own="$(find "$module/target" -maxdepth 1 -name "penguin-$module-*.jar" ! -name '*-tests.jar' -printf '%T@ %p\n' \
    | sort -rn | sed -n '1s/^[^ ]* //p')"
  take "$own" >"$target/$module.classpath"
  tr ':' '\n' <"$module/target/penguin.classpath" >"$target/jars"
  echo >>"$target/jars" # its last line has no end
  while read -r jar; do
    [ -z "$jar" ] || take "$jar" >>"$target/$module.classpath"
  done <"$target/jars"
  rm "$target/jars"
done
