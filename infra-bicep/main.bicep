// A stage: everything that one copy of the chat needs, in a resource group of its own, and nothing outside of it. `azd down` deletes
// the group of each resource that the deployment names: the role on another stage's secret must not be one of them, or that whole
// stage would go. So the hook postprovision assigns it, and predown removes it.

targetScope = 'subscription'

import { deploymentContainer, legalStage, momentoApiKeySecret, namesOf, tableNames } from 'names.bicep'

@description('The environment, such as dev, prod, or a ticket: FEAT-ABP-1734. In every name.')
param stageName string

@description('The stage whose Momento API key this one uses. That stage must exist.')
#disable-next-line secure-secrets-in-params // The name of a stage.
param secretStageName string = stageName

@description('Stages that last: their vaults cannot be purged. All others leave nothing behind.')
param lastingStages string[] = ['dev', 'test', 'prod']

@description('A region with Flex Consumption plans, which Azure checks: az functionapp list-flexconsumption-locations')
@metadata({ azd: { type: 'location' } })
param location string

@description('Static Web Apps are in few regions, such as centralus, eastasia, eastus2, westeurope and westus2; their files are served from all over the world.')
param webLocation string = 'westeurope'

@secure()
@description('A Momento API key, of the kind super user: it makes tokens. Empty: the one in the vault stays. Not used where another stage\'s is reused.')
param momentoApiKey string = ''

@description('The host where the Momento account lives, for a v2 API key; empty for a v1 key, which says so itself. Kept beside the key.')
param momentoEndpoint string = ''

@description('The Momento cache that holds the topics. Empty: chat- and the stage.')
param momentoCacheName string = ''

@description('Whether the cache is by default that of the stage with the secret. Each keeps its own rooms.')
param shareMomentoCache bool = false

@description('The most that an instance uses, maybe a fraction, of the 5 calls a second of a Momento account, which all its stages share.')
param momentoTokenCallsPerSecond string = '2'

@description('https://login.microsoftonline.com/{tenant id}/v2.0; for External ID https://{name}.ciamlogin.com/{tenant id}/v2.0')
param entraAuthority string

@description('The client id of the API\'s app registration.')
param entraApiClientId string

@description('The client id of the web client\'s app registration.')
param entraWebClientId string

@description('Whether Azure AI Content Safety is asked about messages, in the stage\'s region, before they are kept.')
param contentSafety bool = false

@description('Who is told of alerts. Empty: there are none.')
param alertEmail string = ''

@description('Whether the web client is deployed, or the API alone.')
param deployWeb bool = true

@description('Origins of other front ends, whose pages may call the API too: https://chat.example.com, or http://localhost:3000.')
param extraOrigins string[] = []

@description('The client ids of other front ends, whose users\' tokens the API takes.')
param extraClientIds string[] = []

@description('The most instances of the app, for HTTP routes and for the timer apart. Azure took no less than 40 for long.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('The memory of an instance, in MB: 512, 2048 or 4096.')
param instanceMemoryMB int = 2048

@description('How many instances wait for HTTP requests all the time, so that nobody waits for one to start. They cost all the time.')
param alwaysReadyInstances int = 0

@description('Whether data and instances are in three zones of the region, which must have them.')
param zoneRedundant bool = false

@description('Whether rooms, messages and the key cannot be deleted, not even by azd down, until somebody removes the locks.')
param deleteLocks bool = false

@description('Whether Log Analytics is told who read the key, and who deleted rows.')
param diagnosticLogs bool = false

var stage = legalStage(stageName, 'stageName')
var secretStage = legalStage(secretStageName, 'secretStageName')
var names = namesOf(stage, subscription().subscriptionId)
var secretNames = namesOf(secretStage, subscription().subscriptionId)
var ownsSecret = names.vault == secretNames.vault
var cacheName = empty(momentoCacheName) ? 'chat-${toLower(shareMomentoCache ? secretStage : stage)}' : momentoCacheName
// A cache of another name may be another stage's, in which each stage has topics of its own.
var topicPrefix = cacheName == 'chat-${toLower(stage)}' ? '' : 'stage-${toLower(stage)}/'
// Whoever decides this decides where the key is sent.
var endpoint = empty(momentoEndpoint) || endsWith(toLower(momentoEndpoint), '.momentohq.com')
  ? momentoEndpoint
  : fail('momentoEndpoint \'${momentoEndpoint}\' is not a host of Momento\'s')
var badOrigins = filter(
  extraOrigins,
  origin =>
    endsWith(origin, '/') || contains(origin, '*') || !startsWith(origin, 'https://') && !startsWith(
      origin,
      'http://localhost:'
    )
)
var otherOrigins = empty(badOrigins)
  ? extraOrigins
  : fail('extraOrigins has \'${first(badOrigins)}\', which is not https:// and a host, or http://localhost: and a port, without a slash at its end')
var tags = { 'azd-env-name': stageName }

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: names.resourceGroup
  location: location
  tags: tags
}

module identity 'identity.bicep' = {
  scope: group
  params: {
    name: names.identity
    location: location
    tags: tags
  }
}

module monitoring 'monitoring.bicep' = {
  scope: group
  params: {
    logsName: names.logs
    insightsName: names.insights
    location: location
    tags: tags
  }
}

module alerts 'alerts.bicep' = if (!empty(alertEmail)) {
  scope: group
  params: {
    name: names.alerts
    insightsName: names.insights
    location: location
    tags: tags
    email: alertEmail
  }
  dependsOn: [monitoring]
}

module storage 'storage.bicep' = {
  scope: group
  params: {
    name: names.storage
    location: location
    tags: tags
    zoneRedundant: zoneRedundant
    deleteLock: deleteLocks
    logsName: diagnosticLogs ? names.logs : ''
    tables: tableNames
    containers: []
  }
  dependsOn: [monitoring]
}

// Apart from rooms and messages: whoever may deploy a package has nothing to do with those, and none slows the other.
module hostStorage 'storage.bicep' = {
  scope: group
  params: {
    name: names.hostStorage
    location: location
    tags: tags
    zoneRedundant: zoneRedundant
    deleteLock: false
    logsName: ''
    tables: []
    containers: [deploymentContainer]
  }
}

module vault 'vault.bicep' = if (ownsSecret) {
  scope: group
  params: {
    name: names.vault
    location: location
    tags: tags
    purgeProtection: contains(map(lastingStages, lasting => toLower(lasting)), toLower(stage))
    deleteLock: deleteLocks
    logsName: diagnosticLogs ? names.logs : ''
    momentoApiKey: momentoApiKey
    momentoEndpoint: endpoint
  }
  dependsOn: [monitoring]
}

module safety 'content-safety.bicep' = if (contentSafety) {
  scope: group
  params: {
    name: names.contentSafety
    location: location
    tags: tags
  }
}

module roles 'roles.bicep' = {
  scope: group
  params: {
    #disable-next-line what-if-short-circuiting // It is in the assignments' names, for the reason that roles.bicep gives.
    principalId: identity.outputs.principalId
    storageName: names.storage
    hostStorageName: names.hostStorage
    insightsName: names.insights
    vaultName: ownsSecret ? names.vault : ''
    contentSafetyName: contentSafety ? names.contentSafety : ''
  }
  dependsOn: [monitoring, storage, hostStorage, vault, safety]
}

module web 'web.bicep' = if (deployWeb) {
  scope: group
  params: {
    name: names.web
    location: webLocation
    tags: tags
  }
}

module api 'api.bicep' = {
  scope: group
  params: {
    planName: names.plan
    stage: toLower(stage)
    name: names.api
    location: location
    tags: tags
    identity: { id: identity.outputs.id, clientId: identity.outputs.clientId }
    storageName: names.storage
    hostStorageName: names.hostStorage
    vaultName: secretNames.vault
    insightsConnectionString: monitoring.outputs.connectionString
    origins: concat(deployWeb ? [web!.outputs.origin] : [], otherOrigins)
    momento: {
      cacheName: cacheName
      endpoint: endpoint
      topicPrefix: topicPrefix
      tokenCallsPerSecond: momentoTokenCallsPerSecond
    }
    entra: {
      authority: entraAuthority
      apiClientId: entraApiClientId
      clientIds: concat([entraWebClientId], extraClientIds)
    }
    scale: { maximumInstances: maximumInstanceCount, memoryMB: instanceMemoryMB, alwaysReady: alwaysReadyInstances }
    zoneRedundant: zoneRedundant
    contentSafetyName: contentSafety ? names.contentSafety : ''
  }
  dependsOn: [roles]
}

output API_BASE_URL string = api.outputs.baseUrl
output API_NAME string = names.api
output AZURE_TENANT_ID string = tenant().tenantId

@description('Empty where the web client is not deployed.')
output WEB_URL string = deployWeb ? web!.outputs.origin : ''
output WEB_NAME string = deployWeb ? names.web : ''
output RESOURCE_GROUP string = group.name
output KEY_VAULT_NAME string = secretNames.vault
output MOMENTO_CACHE_NAME_IN_USE string = cacheName
output ENTRA_API_SCOPE string = 'api://${entraApiClientId}/Chat.Access'

@description('Who the app is.')
output API_PRINCIPAL_ID string = identity.outputs.principalId

@description('The id of another stage\'s secret, which the app must be let read. Empty where the stage has one of its own.')
output REUSED_SECRET_ID string = ownsSecret
  ? ''
  : resourceId(
      subscription().subscriptionId,
      secretNames.resourceGroup,
      'Microsoft.KeyVault/vaults/secrets',
      secretNames.vault,
      momentoApiKeySecret
    )
