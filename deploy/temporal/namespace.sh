#!/bin/sh
# Makes our namespace and its search attributes where they are missing. Safe to repeat.
# In: TEMPORAL_ADDRESS; TEMPORAL_NAMESPACE (penguin). Needs: temporal, Temporal's command line, on PATH.
set -eu
namespace="${TEMPORAL_NAMESPACE:-penguin}"
# Retention of histories after their end: what has to outlive it is rows of the product.
temporal operator namespace describe --namespace "$namespace" >/dev/null 2>&1 \
  || temporal operator namespace create --namespace "$namespace" --retention 720h
for name in TenantId WorkspaceId ServerId DomainName Stage Provider Region; do
  # One that is there is left alone. Until the namespace is known everywhere, seconds after it was made, this fails.
  tries=0
  until temporal operator search-attribute create --namespace "$namespace" --name "$name" --type Keyword; do
    tries=$((tries + 1))
    [ "$tries" -lt 30 ] || exit 1
    sleep 1
  done
done
