#!/bin/sh
# Tells the web client, whose package is about to be made, where the API and the sign-in of this environment are. At each packaging, so
# that one environment never gets what another has left in the folder.
set -eu
. "$(dirname "$0")/stage.sh"
cd "$(dirname "$0")/../.."

step "reading what infra-bicep/main.bicep made" "Run azd provision first."
: "${API_BASE_URL:?}" "${ENTRA_AUTHORITY:?}" "${ENTRA_WEB_CLIENT_ID:?}" "${ENTRA_API_SCOPE:?}"

# The browser's sign-in library adds the version itself. It knows the hosts of workforce tenants; any other, such as External ID's or a
# sign-in domain of one's own, has to be named.
authority=${ENTRA_AUTHORITY%/v2.0}
host=${authority#https://}
host=${host%%/*}
case $host in
  login.microsoftonline.com | login.microsoftonline.us | login.partner.microsoftonline.cn) known= ;;
  *) known="\"$host\"" ;;
esac

step "writing src/web/public/config.json" "The file must be writable."
mkdir -p src/web/public
cat > src/web/public/config.json <<END
{
  "apiBaseUrl": "$API_BASE_URL",
  "entra": {
    "authority": "$authority",
    "knownAuthorities": [$known],
    "clientId": "$ENTRA_WEB_CLIENT_ID",
    "scope": "$ENTRA_API_SCOPE"
  }
}
END
