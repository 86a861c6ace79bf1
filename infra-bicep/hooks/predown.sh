#!/bin/sh
# Removes what `azd down` would leave: the stage's role on the secret of another stage, its app registrations and its Momento cache.
set -eu
. "$(dirname "$0")/stage.sh"

again="az says why above. When that is mended, run azd down again."

if [ -n "${REUSED_SECRET_ID:-}" ]; then
  step "removing the role on the secret of stage $secret_stage" "$again"
  # Asked of the app, not of the secret: the other stage may be gone, and this role with it.
  roles=$(az role assignment list --all --assignee "${API_PRINCIPAL_ID:?}" -o tsv \
    --query "[?contains(scope, '/providers/Microsoft.KeyVault/')].id")
  for role in $roles; do
    az role assignment delete --ids "$role"
  done
fi

if ! registrations_are_given; then
  require_tenant
  # First forgotten: an azd up after a down that stopped here finds by their tags those that are left.
  step "forgetting the app registrations" "Run azd down again."
  for name in ENTRA_AUTHORITY ENTRA_API_CLIENT_ID ENTRA_WEB_CLIENT_ID ENTRA_REGISTERED_BY_AZD; do
    azd env set "$name" ""
  done
  step "removing the app registrations" "$again"
  for tag in "$registration_tag/web" "$registration_tag/api"; do
    ids=$(az ad app list --filter "tags/any(tag:tag eq '$tag')" --query '[].id' -o tsv)
    for id in $ids; do
      az ad app delete --id "$id"
      az rest --method DELETE --url "https://graph.microsoft.com/v1.0/directory/deletedItems/$id" ||
        echo "Entra ID keeps the deleted registration $id for 30 days, since only its administrators may remove it at once."
    done
  done
fi

# A cache that was given a name may serve others; the one that is named after the stage serves this stage.
cache=${MOMENTO_CACHE_NAME_IN_USE:-}
if [ -n "$cache" ] && [ -z "${MOMENTO_CACHE_NAME:-}" ] && ! cache_is_shared; then
  # Whoever uses another stage's key may have none for the CLI: that does not stop azd down.
  if ! command -v momento > /dev/null || ! momento cache delete "$cache"; then
    echo "The Momento cache is left. Remove it with a super user key: momento cache delete $cache"
  fi
fi
