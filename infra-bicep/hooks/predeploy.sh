#!/bin/sh
# Lets the roles of a new identity spread before azd uploads the first package, which the platform stores as that identity: its
# storage answers 403 for a minute or so after the role was assigned.
set -eu
. "$(dirname "$0")/stage.sh"

step "reading what infra-bicep/main.bicep made" "Run azd provision first."
if [ "${ROLES_WAITED_FOR:-}" != "${API_PRINCIPAL_ID:?}" ]; then
  echo "Waits for 90 s, until the roles of the app's new identity have spread. Should its storage refuse the package all the same: azd deploy"
  sleep 90
  step "telling azd that the roles have spread" "Run azd deploy."
  azd env set ROLES_WAITED_FOR "$API_PRINCIPAL_ID"
fi
