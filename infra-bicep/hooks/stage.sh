# shellcheck shell=sh
# What the hooks know of the stage. They read this file; azd gives its environment's values as environment variables.

# azd shows only what interactive hooks say, and gives them its own input: nothing may wait for an answer there.
exec < /dev/null

# Git's shell on Windows would make a path of its own of whatever begins with a slash, such as /subscriptions/…
export MSYS_NO_PATHCONV=1

# Where it stops, a hook says what to do.
doing=''
remedy=''
step() {
  doing=$1
  remedy=$2
}
trap '[ $? -eq 0 ] || echo "Stopped while $doing. $remedy" >&2' EXIT

# The Azure CLI, without the carriage returns that it writes on Windows.
carriage_return=$(printf '\r')
az() {
  said=$(command az "$@") || return
  case $said in
    *"$carriage_return"*) printf '%s\n' "$said" | tr -d '\r' ;;
    ?*) printf '%s\n' "$said" ;;
  esac
}

# As az; but what Microsoft Graph has just made it may not know for a while, and then this tries again for two minutes.
patiently() {
  tries=24
  until refusal=$(az "$@" 2>&1 >&3); do
    case $refusal in
      *'does not exist'* | *'does not reference a valid application object'* | *'Not Found'*) ;;
      *) tries=0 ;;
    esac
    if [ "$tries" -eq 0 ]; then
      printf '%s\n' "$refusal" >&2
      return 1
    fi
    [ "$tries" -lt 24 ] || echo "Entra ID does not know a registration, which may be new: trying again for two minutes." >&2
    tries=$((tries - 1))
    sleep 5
  done
} 3>&1

step "reading the azd environment" "Run it by azd, with an environment that has a subscription: azd env new, or azd up."
: "${AZURE_ENV_NAME:?}"
secret_stage=${SECRET_STAGE_NAME:-$AZURE_ENV_NAME}

# Marks the app registrations that belong to this environment.
# shellcheck disable=SC2034 # Two of the hooks use it.
registration_tag="azd/${AZURE_SUBSCRIPTION_ID:?}/$AZURE_ENV_NAME"

require_az() {
  step "asking az for its version" "Install it: https://aka.ms/azure-cli"
  version=$(az version --query '"azure-cli"' -o tsv)
  step "comparing az $version with 2.45, the oldest that these hooks were tried with" "Update it: az upgrade"
  minor=${version#*.}
  [ "${version%%.*}" -gt 2 ] || { [ "${version%%.*}" -eq 2 ] && [ "${minor%%.*}" -ge 45 ]; }
}

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

# The cache that the template tells the app, by the template's rule.
cache_name() {
  if [ -n "${MOMENTO_CACHE_NAME:-}" ]; then
    printf '%s' "$MOMENTO_CACHE_NAME"
  elif cache_is_shared; then
    printf 'chat-%s' "$(lower "$secret_stage")"
  else
    printf 'chat-%s' "$(lower "$AZURE_ENV_NAME")"
  fi
}

# True where nobody has to make a cache: it is another stage's, or a person says that it is there.
cache_is_there() {
  cache_is_shared || [ "${MOMENTO_CACHE_MADE:-}" = "$(cache_name)" ]
}

# A line for each address that the web client's registration must have: of what is deployed, and of other front ends.
redirect_addresses() {
  [ -z "${WEB_URL:-}" ] || echo "$WEB_URL/"
  printf '%s' "${EXTRA_REDIRECT_URIS:-}" | tr -d ' ' | tr ',' '\n' | grep . || true
}

# What azd and the hooks cannot do. The last that a person sees, whichever hook is the last.
say_what_is_left() {
  if registrations_are_given; then
    redirect_addresses | while IFS= read -r address; do
      echo "Add this redirect address (single-page application) to the registration $ENTRA_WEB_CLIENT_ID, if it lacks it: $address"
    done
  else
    echo "Where people may not consent to apps, an administrator does it for all, once: ${ENTRA_AUTHORITY%/v2.0}/adminconsent?client_id=$ENTRA_WEB_CLIENT_ID"
  fi
  [ -n "${ALERT_EMAIL:-}" ] || echo "Nobody is told when something is wrong: azd env set ALERT_EMAIL … and azd provision."
}
