// What azd deploys: its environment's values, which `azd env set` sets. All have a default here, even those that the preprovision
// hook sets, since azd compiles this file before the hook runs too.

using 'main.bicep'

param stageName = readEnvironmentVariable('AZURE_ENV_NAME')
param secretStageName = readEnvironmentVariable('SECRET_STAGE_NAME', readEnvironmentVariable('AZURE_ENV_NAME'))
param location = readEnvironmentVariable('AZURE_LOCATION')
param webLocation = readEnvironmentVariable('WEB_LOCATION', 'westeurope')

// azd prompts for what is empty here and has no default in main.bicep: for the key, but not where another stage's is reused. It
// keeps the answer as a secret (infra.parameters.momentoApiKey of its configuration of the environment) and deploys it each time.
// So a rotation must reach that too, or the next provision puts the old key back.
param momentoApiKey = toLower(secretStageName) == toLower(stageName) ? '' : 'not used'
param momentoEndpoint = readEnvironmentVariable('MOMENTO_ENDPOINT', '')
param momentoCacheName = readEnvironmentVariable('MOMENTO_CACHE_NAME', '')
param shareMomentoCache = readEnvironmentVariable('MOMENTO_SHARE_CACHE', 'false') == 'true'
param momentoTokenCallsPerSecond = readEnvironmentVariable('MOMENTO_TOKEN_CALLS_PER_SECOND', '2')

param entraAuthority = readEnvironmentVariable('ENTRA_AUTHORITY', '')
param entraApiClientId = readEnvironmentVariable('ENTRA_API_CLIENT_ID', '')
param entraWebClientId = readEnvironmentVariable('ENTRA_WEB_CLIENT_ID', '')

param alertEmail = readEnvironmentVariable('ALERT_EMAIL', '')
