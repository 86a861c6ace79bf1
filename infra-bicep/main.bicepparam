// What azd deploys: its environment's values, which `azd env set` sets. All have a default here, even those that the preprovision
// hook sets, since azd compiles this file before the hook runs too.

using 'main.bicep'

param stageName = readEnvironmentVariable('AZURE_ENV_NAME')
param secretStageName = readEnvironmentVariable('SECRET_STAGE_NAME', readEnvironmentVariable('AZURE_ENV_NAME'))
param location = readEnvironmentVariable('AZURE_LOCATION')
param webLocation = readEnvironmentVariable('WEB_LOCATION', 'westeurope')

// From the shell that runs azd, never from `azd env set`, which would write it to a file. azd prompts for no value of a .bicepparam.
param momentoApiKey = toLower(secretStageName) == toLower(stageName)
  ? readEnvironmentVariable('MOMENTO_API_KEY', '')
  : 'not used'
param momentoEndpoint = readEnvironmentVariable('MOMENTO_ENDPOINT', '')
param momentoCacheName = readEnvironmentVariable('MOMENTO_CACHE_NAME', '')
param shareMomentoCache = readEnvironmentVariable('MOMENTO_SHARE_CACHE', 'false') == 'true'
param momentoTokenCallsPerSecond = readEnvironmentVariable('MOMENTO_TOKEN_CALLS_PER_SECOND', '2')

param entraAuthority = readEnvironmentVariable('ENTRA_AUTHORITY', '')
param entraApiClientId = readEnvironmentVariable('ENTRA_API_CLIENT_ID', '')
param entraWebClientId = readEnvironmentVariable('ENTRA_WEB_CLIENT_ID', '')

param contentSafety = readEnvironmentVariable('CONTENT_SAFETY', 'false') == 'true'
param alertEmail = readEnvironmentVariable('ALERT_EMAIL', '')
