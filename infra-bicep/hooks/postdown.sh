#!/bin/sh
# Removes what `azd down` leaves: the stage's role on the secret of another stage, its app registrations and its Momento cache.
set -eu
. "$(dirname "$0")/stage.sh"

again="az says why above. When that is mended: azd hooks run postdown"

require_az
step "looking whether the stage is gone" "$again"
group=rg-chat-$(lower "$AZURE_ENV_NAME")
is_there=$(az group exists --subscription "$AZURE_SUBSCRIPTION_ID" --name "$group")
if [ "$is_there" != false ]; then
  echo "The resource group $group is there, so nothing else was removed. When it is gone: azd hooks run postdown"
  exit
fi

if [ -n "${PRINCIPALS_TO_REMOVE:-}" ]; then
  step "removing the role on the secret of stage $secret_stage" "$again"
  for principal in $PRINCIPALS_TO_REMOVE; do
    # Not by --assignee, which fails once the identity is gone. The other stage may be gone, too, and the role with it.
    roles=$(az role assignment list --all --subscription "$AZURE_SUBSCRIPTION_ID" -o tsv \
      --query "[?principalId == '$principal' && contains(scope, '/providers/Microsoft.KeyVault/')].id")
    for role in $roles; do
      az role assignment delete --ids "$role"
    done
  done
  azd env set PRINCIPALS_TO_REMOVE ""
fi

if ! registrations_are_given; then
  require_tenant
  # First forgotten: an azd up after a down that stopped here finds by their tags those that are left.
  step "forgetting the app registrations" "Run azd hooks run postdown again."
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

# A cache that was given a name, or was made by hand, may serve others; the one that is named after the stage serves this stage.
if [ -z "${MOMENTO_CACHE_NAME:-}" ] && ! cache_is_there; then
  # Whoever uses another stage's key may have none for the CLI: that does not stop azd down.
  cache=$(cache_name)
  if ! command -v momento > /dev/null || ! momento cache delete "$cache"; then
    echo "The Momento cache is left. Remove it with a super user key: momento cache delete $cache"
  fi
fi
