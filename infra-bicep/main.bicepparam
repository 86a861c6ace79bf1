// What azd deploys: its environment's values, which `azd env set` sets, and of which an empty one is none. All have a default here,
// even those that the preprovision hook sets, since azd compiles this file before the hook runs too.

using 'main.bicep'

import { listOf, valueOr } from 'values.bicep'

param stageName = readEnvironmentVariable('AZURE_ENV_NAME')
param secretStageName = valueOr(readEnvironmentVariable('SECRET_STAGE_NAME', ''), stageName)
param location = readEnvironmentVariable('AZURE_LOCATION')
param webLocation = valueOr(readEnvironmentVariable('WEB_LOCATION', ''), 'westeurope')

// From the shell that runs azd, never from `azd env set`, which would write it to a file. azd prompts for no value of a .bicepparam.
param momentoApiKey = toLower(secretStageName) == toLower(stageName)
  ? readEnvironmentVariable('MOMENTO_API_KEY', '')
  : ''
param momentoEndpoint = readEnvironmentVariable('MOMENTO_ENDPOINT', '')
param momentoCacheName = readEnvironmentVariable('MOMENTO_CACHE_NAME', '')
param shareMomentoCache = readEnvironmentVariable('MOMENTO_SHARE_CACHE', '') == 'true'
param momentoTokenCallsPerSecond = valueOr(readEnvironmentVariable('MOMENTO_TOKEN_CALLS_PER_SECOND', ''), '2')

param entraAuthority = readEnvironmentVariable('ENTRA_AUTHORITY', '')
param entraApiClientId = readEnvironmentVariable('ENTRA_API_CLIENT_ID', '')
param entraWebClientId = readEnvironmentVariable('ENTRA_WEB_CLIENT_ID', '')

// What azd takes for true in azure.yaml's condition, which has the same default.
param deployWeb = contains(['true', 'yes', '1'], toLower(valueOr(readEnvironmentVariable('DEPLOY_WEB', ''), 'true')))
param extraOrigins = listOf(readEnvironmentVariable('EXTRA_ORIGINS', ''))
param extraClientIds = listOf(readEnvironmentVariable('EXTRA_CLIENT_IDS', ''))

param maximumInstanceCount = int(valueOr(readEnvironmentVariable('MAXIMUM_INSTANCE_COUNT', ''), '40'))
param instanceMemoryMB = int(valueOr(readEnvironmentVariable('INSTANCE_MEMORY_MB', ''), '2048'))
param alwaysReadyInstances = int(valueOr(readEnvironmentVariable('ALWAYS_READY_INSTANCES', ''), '0'))
param zoneRedundant = readEnvironmentVariable('ZONE_REDUNDANT', '') == 'true'
param deleteLocks = readEnvironmentVariable('DELETE_LOCKS', '') == 'true'
param diagnosticLogs = readEnvironmentVariable('DIAGNOSTIC_LOGS', '') == 'true'

param contentSafety = readEnvironmentVariable('CONTENT_SAFETY', '') == 'true'
param alertEmail = readEnvironmentVariable('ALERT_EMAIL', '')
