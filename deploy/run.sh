#!/usr/bin/env bash
# What the image starts: api, worker, migrate [--roles], tenant NAME, staff COMMAND, secrets import, or ready PORT.
# Settings are those of the README; secrets come as files: each in SECRETS (/run/secrets) whose name is that of a
# setting, such as spring.datasource.password, for api and worker, or of a variable, such as PENGUIN_OWNER_PASSWORD,
# for the commands.
set -euo pipefail
cd "$(dirname "$0")"
secrets="${SECRETS:-/run/secrets}"
program="${1:?which program?}"
shift

start() {
  local module="$1" main="$2"
  shift 2
  # Why so many carriers of virtual threads: docs/decisions/0018.
  # shellcheck disable=SC2086 # JAVA_OPTIONS holds several
  exec java -XX:MaxRAMPercentage=60 -XX:+ExitOnOutOfMemoryError -Djdk.virtualThreadScheduler.parallelism=16 \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ${JAVA_OPTIONS:-} \
    -cp "$(cat "$module.classpath")" "$main" "$@"
}

# Passwords of a command: a process of seconds, whose environment only its own user can read.
export_secrets() {
  local file
  for file in "$secrets"/[A-Z]*; do
    [ -r "$file" ] || continue
    export "$(basename "$file")=$(cat "$file")"
  done
}

case "$program" in
  api | worker) export SPRING_CONFIG_IMPORT="${SPRING_CONFIG_IMPORT:-optional:configtree:$secrets/}" ;;
  ready) ;;
  *) export_secrets ;;
esac
case "$program" in
  api) start api com.penguinmails.api.ApiApplication "$@" ;;
  worker) start worker com.penguinmails.worker.WorkerApplication "$@" ;;
  migrate) start store com.penguinmails.store.tenancy.MigrateCommand "$@" ;;
  tenant) start store com.penguinmails.store.tenant.TenantCommand "$@" ;;
  staff) start worker com.penguinmails.worker.staff.StaffCommand "$@" ;;
  secrets) start worker com.penguinmails.worker.SecretsCommand "$@" ;;
  # For health checks, without curl: whether readiness answers 200 at this port.
  ready)
    exec 3<>"/dev/tcp/127.0.0.1/$1"
    printf 'GET /actuator/health/readiness HTTP/1.0\r\n\r\n' >&3
    read -r _ status _ <&3
    [[ "$status" == 200 ]]
    ;;
  *) echo "unknown program \"$program\"" >&2; exit 2 ;;
esac
