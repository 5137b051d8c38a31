# shellcheck shell=bash
# shellcheck disable=SC2154 # root is set by ./penguin
# Building only what changed, and starting java without Maven. Sourced by ./penguin. Needs: root, JAVA_HOME.

readonly BUILT="target/penguin"

# Names and times of everything the build reads, as one hash: modules without their tests and results.
sources_hash() {
  local -a poms
  (cd "$root" && poms=(./*/pom.xml) && find pom.xml .mvn "${poms[@]%/pom.xml}" \
    \( -path './*/target' -o -path './*/src/test' \) -prune -o -type f -printf '%p %T@ %s\n' \
    | LC_ALL=C sort | sha256sum | cut -d' ' -f1)
}

# Compiles what `demo`, `up` and `migrate` run, and writes the class path; nothing when nothing changed.
build_if_changed() {
  mkdir -p "$root/$BUILT"
  # Two at once would take each other's results away. A subshell, so that java does not inherit the lock.
  (
    flock -n 9 || { echo "Another build of this checkout is at work; waiting for it ..." >&2; flock 9; }
    build_changed
  ) 9>"$root/$BUILT/lock"
}

# Of Maven's lines those that tell how far it is: a module that begins, and what went wrong.
module_lines() { sed -n -u -E 's/^\[INFO\] Building (penguin-[a-z-]+) .*(\[[0-9]+\/[0-9]+\])$/  \2 \1/p; /^\[ERROR\]/p'; }

build_changed() {
  local hash
  hash="$(sources_hash)"
  if [[ -s "$root/$BUILT/classpath" && "$(cat "$root/$BUILT/sources" 2>/dev/null)" == "$hash" ]]; then
    return 0
  fi
  echo "Building: about two minutes on two cores, longer the first time (libraries are fetched) ..." >&2
  rm -f "$root/$BUILT/sources" "$root/$BUILT"/*.jsa
  # Gates and tests are for ./penguin test. Each module's class path is written as it is packaged; that of
  # the sandbox holds every module.
  # Maven's own libraries make JDK 25 warn; into a pipe it writes no colour codes.
  if ! (cd "$root" && MAVEN_OPTS="${MAVEN_OPTS:-} --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow" \
    ./mvnw -B -Dstyle.color=never -T1C package -DskipTests -Dspotless.check.skip=true -Denforcer.skip=true) 2>&1 \
    | tee "$root/$BUILT/build.log" | module_lines >&2; then
    # Without one of Maven's errors it was Maven that did not start, and its last words say why.
    grep -q '^\[ERROR\]' "$root/$BUILT/build.log" || tail -n 5 "$root/$BUILT/build.log" >&2
    echo "The build failed. All that it said is in $root/$BUILT/build.log" >&2
    return 1
  fi
  cp "$root/sandbox/target/penguin.classpath" "$root/$BUILT/classpath.sandbox"
  cp "$root/worker/target/penguin.classpath" "$root/$BUILT/classpath.worker"
  cp "$root/api/target/penguin.classpath" "$root/$BUILT/classpath.api"
  cp "$root/store/target/penguin.classpath" "$root/$BUILT/classpath.store"
  cp "$root/$BUILT/classpath.sandbox" "$root/$BUILT/classpath"
  echo "$hash" >"$root/$BUILT/sources"
}

# Replaces this shell by java. $1 module whose class path is used, $2 main class, then arguments.
exec_java() {
  local module="$1" main="$2"
  shift 2
  # A class archive is written at the first clean exit and read at the next start; its gain has not been
  # measured yet. A demo makes one set-up: C1 alone starts it sooner. What is measured runs as it would for long.
  # Why so many carriers of virtual threads: docs/decisions/0018.
  local -a options=(-Xmx"${PENGUIN_HEAP:-512m}" -Djdk.virtualThreadScheduler.parallelism=16 -XX:+AutoCreateSharedArchive
    -XX:SharedArchiveFile="$root/$BUILT/$module.jsa" -Xlog:cds=off -Xlog:cds+dynamic=off -Xlog:aot=off
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
  [[ "$main" != *.Demo ]] || options+=(-XX:TieredStopAtLevel=1)
  exec "$JAVA_HOME/bin/java" "${options[@]}" \
    -cp "$root/$module/target/$(module_jar "$module"):$(cat "$root/$BUILT/classpath.$module")" "$main" "$@"
}

module_jar() {
  # The newest: another version's may be there still.
  find "$root/$1/target" -maxdepth 1 -name "penguin-$1-*.jar" ! -name '*-tests.jar' ! -name '*-sources.jar' \
    -printf '%T@ %f\n' | sort -rn | sed -n '1s/^[^ ]* //p'
}
