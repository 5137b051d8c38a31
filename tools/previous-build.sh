#!/usr/bin/env bash
# Builds the worker of a release from its tag, and keeps its jars for TwoBuildsIT, in place of those before. Jars are
# reproducible: for the same tag `git status` shows no change afterwards. Needs a JDK 25.
# Usage: tools/previous-build.sh TAG [MAVEN_OPTION...]
set -euo pipefail
tag="${1:?which tag, such as v0.1.0?}"
shift
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# shellcheck source=tools/jdk.sh
source "$root/tools/jdk.sh"
JAVA_HOME="$(find_jdk_25)" || { jdk_advice >&2; exit 1; }
export JAVA_HOME
kept="$root/sandbox/src/test/previous-build"
work="$(mktemp -d)"
trap 'git -C "$root" worktree remove --force "$work/release"; rm -rf "$work"' EXIT

git -C "$root" worktree add --quiet --detach "$work/release" "$tag"
# Gates and tests passed when it was released.
(cd "$work/release" && ./mvnw -B -q "$@" package -pl worker -am -DskipTests -Dspotless.check.skip=true -Denforcer.skip=true)

mkdir -p "$kept"
rm -f "$kept"/*.jar
for module in workflows infra-templates store ports activities worker; do
  cp "$work/release/$module/target/penguin-$module-${tag#v}.jar" "$kept/"
done
(cd "$kept" && sha256sum ./*.jar)
