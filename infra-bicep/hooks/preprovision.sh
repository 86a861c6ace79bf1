#!/bin/sh
# Makes the environment's two app registrations in Entra ID, without secrets, and tells azd their ids: the API, with the scope
# Chat.Access, the role Chat.Moderate and v2 tokens, and the web client, which may ask for that scope. What is there already is
# found and used again.
set -eu
. "$(dirname "$0")/stage.sh"

graph=https://graph.microsoft.com/v1.0
again="az says why above. When that is mended, run azd up again: it goes on from here."

step "checking the stage's name" "It must be 1 to 64 letters, digits and hyphens, with a letter or digit first and last: azd env new …"
case $AZURE_ENV_NAME in
  -* | *- | *[!A-Za-z0-9-]*) exit 1 ;;
esac

require_az

# The key that is in the vault stays there, unless the shell has another.
key_is_there() {
  vault=$(az keyvault list --subscription "$AZURE_SUBSCRIPTION_ID" -o tsv --query "[?tags.\"azd-env-name\" == '$AZURE_ENV_NAME'].id | [0]")
  [ -n "$vault" ] && az resource show --ids "$vault/secrets/momento-api-key" -o none
}

if owns_secret && [ -z "${MOMENTO_API_KEY:-}" ]; then
  step "looking for the Momento API key" "Put a super user key into the shell variable MOMENTO_API_KEY, or reuse a stage's: azd env set SECRET_STAGE_NAME dev"
  key_is_there
fi

# Here, before anything is made: without a cache no message is heard.
cache_is_there || {
  step "looking for the Momento CLI, which makes the cache" "Install it (https://github.com/momentohq/momento-cli) and run momento configure, or make the cache $(cache_name) in Momento's console and say so: azd env set MOMENTO_CACHE_MADE $(cache_name)"
  command -v momento > /dev/null
}

if registrations_are_given; then
  step "reading the app registrations that this environment was given" \
    "Set all three or none: azd env set ENTRA_AUTHORITY …, ENTRA_API_CLIENT_ID …, ENTRA_WEB_CLIENT_ID … ('' takes one back)."
  : "${ENTRA_AUTHORITY:?}" "${ENTRA_API_CLIENT_ID:?}" "${ENTRA_WEB_CLIENT_ID:?}"
  echo "Uses the app registrations that this environment was given."
  exit
fi

# Sets $id to the client id of a registration: the one that azd knows, else the one with the tag, else a new one.
register() { # client id or nothing, tag, properties
  id=$1
  [ -n "$id" ] || id=$(az ad app list --filter "tags/any(tag:tag eq '$2')" --query '[0].appId' -o tsv)
  [ -n "$id" ] || id=$(az rest --method POST --url "$graph/applications" --query appId -o tsv \
    --body "{\"signInAudience\": \"AzureADMyOrg\", \"tags\": [\"$2\"], $3}")
}

# Changes a registration to what is told in JMESPath, of what it is.
change() { # client id, properties
  properties=$(patiently ad app show --id "$1" --query "{$2}" -o json)
  patiently rest --method PATCH --url "$graph/applications(appId='$1')" --body "$properties"
}

# JMESPath of a list and one entry more, unless there is one like it. Graph takes a list only as a whole, and lets no role or scope go
# that is enabled: what others have added stays. It does not take everything that it tells, so the members to write are named.
with() { # list, condition of one like it, members to write or nothing, entry
  echo "[$1[]${3:+.{$3\}}, !($1[?$2]) && \`[$4]\` || \`[]\`][]"
}

# Without a service principal, the tenant does not know the registration.
introduce() { # client id
  principal=$(az ad sp list --filter "appId eq '$1'" --query '[0].id' -o tsv)
  [ -n "$principal" ] || patiently ad sp create --id "$1" -o none
}

require_tenant

step "telling azd whose the app registrations are" "Run azd up again."
azd env set ENTRA_REGISTERED_BY_AZD true

# The ids of the scope and the role are unique within their registration, and the same in all, so that repeating this changes nothing.
scope_id=8f1f2c54-3e0b-4f0a-9d3c-6b1c7d1c5a10
scope="{\"id\": \"$scope_id\", \"value\": \"Chat.Access\", \"type\": \"User\", \"isEnabled\": true,
  \"adminConsentDisplayName\": \"Use the chat\", \"adminConsentDescription\": \"Use the chat as the signed-in user.\",
  \"userConsentDisplayName\": \"Use the chat\", \"userConsentDescription\": \"Use the chat in your name.\"}"
scope_members="id: id, value: value, type: type, isEnabled: isEnabled, adminConsentDisplayName: adminConsentDisplayName,
  adminConsentDescription: adminConsentDescription, userConsentDisplayName: userConsentDisplayName,
  userConsentDescription: userConsentDescription"
role='{"id": "2d4b6f10-5c1e-4b7a-8f39-0a6d7e21c4b8", "value": "Chat.Moderate", "allowedMemberTypes": ["User"],
  "isEnabled": true, "displayName": "Chat moderator",
  "description": "Deletes public rooms and messages in them, and bans people there."}'
role_members="id: id, value: value, allowedMemberTypes: allowedMemberTypes, isEnabled: isEnabled, displayName: displayName,
  description: description"

step "registering the API" "$again Where somebody deleted the registration, first: azd env set ENTRA_API_CLIENT_ID ''"
register "${ENTRA_API_CLIENT_ID:-}" "$registration_tag/api" "\"displayName\": \"chat-api-$AZURE_ENV_NAME\",
  \"api\": {\"requestedAccessTokenVersion\": 2, \"oauth2PermissionScopes\": [$scope]}, \"appRoles\": [$role]"
api_id=$id
azd env set ENTRA_API_CLIENT_ID "$api_id"
change "$api_id" "identifierUris: $(with identifierUris "@ == 'api://$api_id'" "" "\"api://$api_id\""),
  api: {requestedAccessTokenVersion: \`2\`,
    oauth2PermissionScopes: $(with api.oauth2PermissionScopes "id == '$scope_id'" "$scope_members" "$scope")},
  appRoles: $(with appRoles "value == 'Chat.Moderate'" "$role_members" "$role")"
introduce "$api_id"

step "registering the web client" "$again Where somebody deleted the registration, first: azd env set ENTRA_WEB_CLIENT_ID ''"
register "${ENTRA_WEB_CLIENT_ID:-}" "$registration_tag/web" "\"displayName\": \"chat-web-$AZURE_ENV_NAME\""
web_id=$id
azd env set ENTRA_WEB_CLIENT_ID "$web_id"
access="{\"resourceAppId\": \"$api_id\", \"resourceAccess\": [{\"id\": \"$scope_id\", \"type\": \"Scope\"}]}"
# What every sign-in asks of Microsoft Graph: openid, profile and offline_access. Named here, so that an administrator can consent.
graph_id=00000003-0000-0000-c000-000000000000
sign_in="{\"resourceAppId\": \"$graph_id\", \"resourceAccess\": [
  {\"id\": \"37f7f235-527c-4136-accd-4a02d197296e\", \"type\": \"Scope\"}, {\"id\": \"14dad69e-099b-42c9-810b-d002981feec1\", \"type\": \"Scope\"},
  {\"id\": \"7427e0e9-2fba-42fe-b0c0-848c9e6a8182\", \"type\": \"Scope\"}]}"
access_members="resourceAppId: resourceAppId, resourceAccess: resourceAccess"
with_access=$(with requiredResourceAccess "resourceAppId == '$api_id'" "$access_members" "$access")
with_sign_in=$(with requiredResourceAccess "resourceAppId == '$graph_id'" "$access_members" "$sign_in")
change "$web_id" "requiredResourceAccess: $with_access"
change "$web_id" "requiredResourceAccess: $with_sign_in"
introduce "$web_id"

# They belong together, so nobody is asked whether they agree. Entra wants the scope to exist before it is named here.
step "letting the web client and EXTRA_CLIENT_IDS call the API without asking people for their consent" "$again"
for client_id in "$web_id" $(printf '%s' "${EXTRA_CLIENT_IDS:-}" | tr ',' ' '); do
  client="{\"appId\": \"$client_id\", \"delegatedPermissionIds\": [\"$scope_id\"]}"
  change "$api_id" "api: {preAuthorizedApplications: $(with api.preAuthorizedApplications "appId == '$client_id'" \
    "appId: appId, delegatedPermissionIds: delegatedPermissionIds" "$client")}"
done

step "telling azd the tenant" "Run azd up again."
azd env set ENTRA_AUTHORITY "https://login.microsoftonline.com/$tenant/v2.0"
