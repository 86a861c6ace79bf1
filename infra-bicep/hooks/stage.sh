# shellcheck shell=sh
# What the hooks know of the stage. They read this file; azd gives its environment's values as environment variables.

# Where it stops, a hook says what to do.
doing=''
remedy=''
step() {
  doing=$1
  remedy=$2
}
trap '[ $? -eq 0 ] || echo "Stopped while $doing. $remedy" >&2' EXIT

step "reading the azd environment" "Run it by azd, with an environment that has a subscription: azd env new, or azd up."
: "${AZURE_ENV_NAME:?}"
secret_stage=${SECRET_STAGE_NAME:-$AZURE_ENV_NAME}

# Marks the app registrations that belong to this environment.
# shellcheck disable=SC2034 # Two of the hooks use it.
registration_tag="azd/${AZURE_SUBSCRIPTION_ID:?}/$AZURE_ENV_NAME"

# az works on the tenant of its current subscription, and the registrations belong in the tenant of the environment's.
require_tenant() {
  step "asking az for the tenant of subscription $AZURE_SUBSCRIPTION_ID" "Sign in: az login"
  tenant=$(az account show --subscription "$AZURE_SUBSCRIPTION_ID" --query tenantId -o tsv)
  step "comparing that tenant with the one that az works on" "Change it: az account set --subscription $AZURE_SUBSCRIPTION_ID"
  [ "$(az account show --query tenantId -o tsv)" = "$tenant" ]
}

# True where a person gave the registrations, as for an External ID tenant: then they are that person's to change and to delete.
registrations_are_given() {
  [ "${ENTRA_REGISTERED_BY_AZD:-}" != true ] && [ -n "${ENTRA_AUTHORITY:-}${ENTRA_API_CLIENT_ID:-}${ENTRA_WEB_CLIENT_ID:-}" ]
}

lower() {
  printf '%s' "$1" | tr '[:upper:]' '[:lower:]'
}

# True where the stage has a Momento API key of its own. As in the template, case does not tell stages apart.
owns_secret() {
  [ "$(lower "$secret_stage")" = "$(lower "$AZURE_ENV_NAME")" ]
}

# True where the topics live in the cache of the stage whose secret this one uses.
cache_is_shared() {
  [ "${MOMENTO_SHARE_CACHE:-}" = true ] && [ -z "${MOMENTO_CACHE_NAME:-}" ] && ! owns_secret
}
