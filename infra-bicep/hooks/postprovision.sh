#!/bin/sh
# Lets the app read the secret of another stage, tells Entra ID where the web client is, and makes the stage's Momento cache.
set -eu
. "$(dirname "$0")/stage.sh"

again="When that is mended: azd hooks run postprovision"

step "reading what infra-bicep/main.bicep made" "Run azd provision, which runs this hook with the outputs."
: "${WEB_URL:?}" "${ENTRA_WEB_CLIENT_ID:?}" "${MOMENTO_CACHE_NAME_IN_USE:?}"

if [ -n "${REUSED_SECRET_ID:-}" ]; then
  # Not in the template: azd down would delete the whole group of the secret. Assigning what is assigned changes nothing.
  step "letting the app read the secret of stage $secret_stage" "That stage must be there, and you must be allowed to assign roles in it. $again"
  key_vault_secrets_user=4633458b-17de-408a-b874-0445c86b69e6
  az role assignment create --role "$key_vault_secrets_user" --scope "$REUSED_SECRET_ID" \
    --assignee-object-id "${API_PRINCIPAL_ID:?}" --assignee-principal-type ServicePrincipal -o none
fi

if registrations_are_given; then
  echo "Add this redirect address (single-page application) to the registration $ENTRA_WEB_CLIENT_ID, if it lacks it: $WEB_URL/"
else
  require_tenant
  step "adding the web client's address to its registration" "az says why above. $again"
  # Those that somebody added, for localhost perhaps, stay.
  with_address=$(az ad app show --id "$ENTRA_WEB_CLIENT_ID" -o json \
    --query "!contains(spa.redirectUris, '$WEB_URL/') && {spa: {redirectUris: [spa.redirectUris, ['$WEB_URL/']][]}}")
  [ "$with_address" = false ] || az rest --method PATCH --body "$with_address" \
    --url "https://graph.microsoft.com/v1.0/applications(appId='$ENTRA_WEB_CLIENT_ID')"
fi

create="momento cache create $MOMENTO_CACHE_NAME_IN_USE"
if cache_is_shared; then
  echo "Shares the Momento cache of stage $secret_stage."
elif ! command -v momento > /dev/null; then
  echo "The Momento CLI is not here. Chat works once the cache is there: $create"
else
  step "making the Momento cache" "Give the CLI a super user key (momento configure), or make the cache yourself: $create. $again"
  caches=$(momento cache list)
  printf '%s\n' "$caches" | grep -Fqx "$MOMENTO_CACHE_NAME_IN_USE" || momento cache create "$MOMENTO_CACHE_NAME_IN_USE"
fi
