#!/bin/sh
# Lets the app read the secret of another stage, tells Entra ID where the web client is, and makes the stage's Momento cache.
set -eu
. "$(dirname "$0")/stage.sh"

again="When that is mended: azd hooks run postprovision"

step "reading what infra-bicep/main.bicep made" "Run azd provision, which runs this hook with the outputs."
: "${API_BASE_URL:?}" "${ENTRA_WEB_CLIENT_ID:?}"

if [ -n "${REUSED_SECRET_ID:-}" ]; then
  # Not in the template: azd down would delete the whole group of the secret. Assigning what is assigned changes nothing.
  step "letting the app read the secret of stage $secret_stage" "That stage must be there, and you must be allowed to assign roles in it. $again"
  key_vault_secrets_user=4633458b-17de-408a-b874-0445c86b69e6
  az role assignment create --subscription "$AZURE_SUBSCRIPTION_ID" --role "$key_vault_secrets_user" --scope "$REUSED_SECRET_ID" \
    --assignee-object-id "${API_PRINCIPAL_ID:?}" --assignee-principal-type ServicePrincipal -o none
fi

if ! registrations_are_given; then
  require_tenant
  step "adding the addresses of web clients to their registration" "az says why above. $again"
  for address in $(redirect_addresses); do
    # Those that somebody added, for localhost perhaps, stay.
    with_address=$(patiently ad app show --id "$ENTRA_WEB_CLIENT_ID" -o json \
      --query "!contains(spa.redirectUris, '$address') && {spa: {redirectUris: [spa.redirectUris, ['$address']][]}}")
    [ "$with_address" = false ] || patiently rest --method PATCH --body "$with_address" \
      --url "https://graph.microsoft.com/v1.0/applications(appId='$ENTRA_WEB_CLIENT_ID')"
  done
fi

cache=$(cache_name)
if cache_is_shared; then
  echo "Shares the Momento cache of stage $secret_stage."
elif ! cache_is_there; then
  step "making the Momento cache" "Install Momento's CLI, give it a super user key (momento configure), or make the cache $cache in Momento's console and say so: azd env set MOMENTO_CACHE_MADE $cache. $again"
  caches=$(momento cache list)
  printf '%s\n' "$caches" | tr -d '\r' | grep -Fqx "$cache" || momento cache create "$cache"
fi

say_what_is_left
