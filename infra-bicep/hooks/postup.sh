#!/bin/sh
# Says as the last thing what is left to do, which postprovision has said before all that azd has told of the deployment.
set -eu
. "$(dirname "$0")/stage.sh"

step "reading what infra-bicep/main.bicep made" "Run azd up."
: "${API_BASE_URL:?}" "${ENTRA_WEB_CLIENT_ID:?}"
[ -z "${WEB_URL:-}" ] || echo "The chat: $WEB_URL"
echo "The API: $API_BASE_URL"
say_what_is_left
