# shellcheck shell=bash
# Finding a JDK 25. Sourced by ./penguin.

# Is $1 the home of a JDK 25 (with a compiler)?
is_jdk_25() {
  [[ -x "$1/bin/javac" ]] && "$1/bin/javac" -version 2>&1 | grep -q '^javac 25\b'
}

# Prints the home of a JDK 25, or fails.
find_jdk_25() {
  local on_path candidate
  on_path="$(command -v javac || true)"
  [[ -z "$on_path" ]] || on_path="$(dirname "$(dirname "$(readlink -f "$on_path")")")"
  for candidate in "${PENGUIN_JAVA_HOME:-}" "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/*25* /opt/*jdk*25* \
    "$HOME"/.sdkman/candidates/java/25* "$HOME"/.jdks/*25* "$HOME"/.local/share/mise/installs/java/*25* \
    "$HOME"/.asdf/installs/java/*25* /Library/Java/JavaVirtualMachines/*25*/Contents/Home; do
    if [[ -n "$candidate" ]] && is_jdk_25 "$candidate"; then
      echo "$candidate"
      return 0
    fi
  done
  return 1
}

jdk_advice() {
  echo "Install Temurin 25 (https://adoptium.net/installation/linux), or 'sdk install java 25-tem', or point JAVA_HOME at a JDK 25."
}
