#!/bin/sh
# Keeps what azd forgets with the resources and postdown needs: who the app is. Deletes nothing, for azd has yet to ask whether to go on.
set -eu
. "$(dirname "$0")/stage.sh"

require_az
# Asked of Azure: after a deployment that failed azd knows no outputs. It may be gone after a down that failed halfway.
step "looking for the app's identity" "az says why above. When that is mended, run azd down again."
identities=$(az identity list --subscription "$AZURE_SUBSCRIPTION_ID" -o tsv \
  --query "[?tags.\"azd-env-name\" == '$AZURE_ENV_NAME'].principalId")

kept=${PRINCIPALS_TO_REMOVE:-}
for principal in $identities ${API_PRINCIPAL_ID:-}; do
  case " $kept " in
    *" $principal "*) ;;
    *) kept=${kept:+$kept }$principal ;;
  esac
done
step "keeping the ids of the app's identity" "Run azd down again."
[ "$kept" = "${PRINCIPALS_TO_REMOVE:-}" ] || azd env set PRINCIPALS_TO_REMOVE "$kept"
