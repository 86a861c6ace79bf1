// A stage: everything that one copy of the chat needs, in a resource group of its own, and nothing outside of it. `azd down` deletes
// the group of each resource that the deployment names: the role on another stage's secret must not be one of them, or that whole
// stage would go. So the hook postprovision assigns it, and predown removes it.

targetScope = 'subscription'

import { legalStage, momentoApiKeySecret, namesOf } from 'names.bicep'

@description('The environment, such as dev, prod, or a ticket: FEAT-ABP-1734. In every name.')
param stageName string

@description('The stage whose Momento API key this one uses. That stage must exist.')
#disable-next-line secure-secrets-in-params // The name of a stage.
param secretStageName string = stageName

@description('Stages that last: their vaults cannot be purged. All others leave nothing behind.')
param lastingStages string[] = ['dev', 'test', 'prod']

// Where there are Flex Consumption plans. There are more, and in time: az functionapp list-flexconsumption-locations
@allowed([
  'australiaeast'
  'centralindia'
  'centralus'
  'eastasia'
  'eastus'
  'eastus2'
  'francecentral'
  'germanywestcentral'
  'northcentralus'
  'northeurope'
  'southcentralus'
  'southeastasia'
  'swedencentral'
  'uksouth'
  'westcentralus'
  'westeurope'
  'westus2'
])
@metadata({ azd: { type: 'location' } })
param location string

@description('Static Web Apps are in few regions; their files are served from all over the world.')
@allowed(['centralus', 'eastasia', 'eastus2', 'westeurope', 'westus2'])
param webLocation string = 'westeurope'

@secure()
@description('A Momento API key, of the kind super user: it makes tokens. Not used where another stage\'s is reused.')
param momentoApiKey string

@description('The host where the Momento account lives, for a v2 API key; empty for a v1 key, which says so itself.')
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

@description('Who is told of alerts. Empty: they are seen in the portal only.')
param alertEmail string = ''

var stage = legalStage(stageName, 'stageName')
var secretStage = legalStage(secretStageName, 'secretStageName')
var names = namesOf(stage, subscription().subscriptionId)
var secretNames = namesOf(secretStage, subscription().subscriptionId)
var ownsSecret = names.vault == secretNames.vault
var cacheName = empty(momentoCacheName) ? 'chat-${toLower(shareMomentoCache ? secretStage : stage)}' : momentoCacheName
// A cache of another name may be another stage's, in which each stage has topics of its own.
var topicPrefix = cacheName == 'chat-${toLower(stage)}' ? '' : 'stage-${toLower(stage)}/'
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

module alerts 'alerts.bicep' = {
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
  }
}

module vault 'vault.bicep' = if (ownsSecret) {
  scope: group
  params: {
    name: names.vault
    location: location
    tags: tags
    purgeProtection: contains(map(lastingStages, lasting => toLower(lasting)), toLower(stage))
    momentoApiKey: momentoApiKey
  }
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
    insightsName: names.insights
    vaultName: ownsSecret ? names.vault : ''
    contentSafetyName: contentSafety ? names.contentSafety : ''
  }
  dependsOn: [monitoring, storage, vault, safety]
}

module web 'web.bicep' = {
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
    vaultName: secretNames.vault
    insightsConnectionString: monitoring.outputs.connectionString
    webOrigin: web.outputs.origin
    momento: {
      cacheName: cacheName
      endpoint: momentoEndpoint
      topicPrefix: topicPrefix
      tokenCallsPerSecond: momentoTokenCallsPerSecond
    }
    entra: { authority: entraAuthority, apiClientId: entraApiClientId, webClientId: entraWebClientId }
    contentSafetyName: contentSafety ? names.contentSafety : ''
  }
  dependsOn: [roles]
}

output API_BASE_URL string = api.outputs.baseUrl
output API_NAME string = names.api
output WEB_URL string = web.outputs.origin
output WEB_NAME string = names.web
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
