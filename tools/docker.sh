# shellcheck shell=bash
# Whether a Docker engine answers, and what helps when none does. Sourced by ./penguin and .ci/run.

# Prints ok, denied (one is there, but not for this user), away (none answers) or absent (no docker command).
docker_state() {
  local said
  if ! command -v docker >/dev/null; then echo absent
  elif said="$(docker info 2>&1 >/dev/null)"; then echo ok
  elif grep -qi 'permission denied' <<<"$said"; then echo denied
  else echo away; fi
}

# What helps, in a line. $1 what docker_state said
docker_advice() {
  local user
  user="$(id -un)"
  case "$1" in
    absent) echo "apt-get install docker.io && systemctl start docker" ;;
    away) echo "systemctl start docker (or, as root: dockerd &)" ;;
    denied)
      # With a name id reads the group file; a login keeps the groups it began with.
      if id -nG | grep -qw docker; then echo "see who may: ls -l ${DOCKER_HOST:-/var/run/docker.sock}"
      elif id -nG "$user" | grep -qw docker; then
        echo "log in again: $user is in the group docker since this login began (for one shell: newgrp docker)"
      else echo "sudo usermod -aG docker $user, then log in again (whoever is in that group can become root)"; fi
      ;;
  esac
}

# What is wrong, in a line. $1 what docker_state said
docker_complaint() {
  case "$1" in
    absent) echo "no docker command" ;;
    away) echo "the client is here, but no engine answers it" ;;
    denied) echo "an engine is here, but $(id -un) may not use it" ;;
  esac
}
