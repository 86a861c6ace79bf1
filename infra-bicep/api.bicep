// The function app.

import { deploymentContainer, momentoApiKeySecret } from 'names.bicep'
import { Tags } from 'tags.bicep'

param planName string
param name string

@description('What the app calls its stage; it logs less in prod.')
param stage string
param location string
param tags Tags
param identity Identity

@description('The account of rooms and messages.')
param storageName string

@description('The account of the Functions host: the package, leases and keys.')
param hostStorageName string

param vaultName string
param insightsConnectionString string

@description('The origins whose pages may call the API.')
param origins string[]

param momento Momento
param entra Entra
param scale Scale

@description('Whether instances are spread over three zones of the region.')
param zoneRedundant bool

@description('Empty where messages are not sent there.')
param contentSafetyName string

type Identity = {
  id: string
  clientId: string
}

@export()
type Momento = {
  cacheName: string

  @description('Where the account lives, for a v2 key that has no tag that says so. Empty for a v1 key, and where there is the tag.')
  endpoint: string

  @description('Empty where the cache is the stage\'s own.')
  topicPrefix: string

  tokenCallsPerSecond: string
}

@export()
type Entra = {
  authority: string
  apiClientId: string

  @description('The client ids of the front ends that people may sign in to.')
  clientIds: string[]
}

@export()
type Scale = {
  maximumInstances: int
  memoryMB: int
  alwaysReady: int
}

var suffixes = environment().suffixes
var audiences = [entra.apiClientId, 'api://${entra.apiClientId}']

resource safety 'Microsoft.CognitiveServices/accounts@2025-06-01' existing = {
  name: empty(contentSafetyName) ? 'none' : contentSafetyName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true, zoneRedundant: zoneRedundant }
}

resource api 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: { ...tags, 'azd-service-name': 'api' }
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    siteConfig: {
      cors: {
        allowedOrigins: origins
        supportCredentials: false
      }
      ftpsState: 'Disabled'
      minTlsVersion: '1.2'
    }
    functionAppConfig: {
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: 'https://${hostStorageName}.blob.${suffixes.storage}/${deploymentContainer}'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity.id }
        }
      }
      // An instance serves many requests, which wait more than they work. The maximum is of each group of functions: of all HTTP
      // routes, and of the timer. It bounds what a day can cost, and not Momento's 5 token calls a second: those the instances
      // keep by themselves, each making fewer calls when Momento refuses one, and most callers share a token.
      scaleAndConcurrency: {
        instanceMemoryMB: scale.memoryMB
        maximumInstanceCount: scale.maximumInstances
        alwaysReady: scale.alwaysReady == 0 ? [] : [{ name: 'http', instanceCount: scale.alwaysReady }]
        triggers: { http: { perInstanceConcurrency: 200 } }
      }
    }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: {
      AzureWebJobsStorage__accountName: hostStorageName
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identity.clientId
      APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD;ClientId=${identity.clientId}'
      AZURE_CLIENT_ID: identity.clientId
      // Otherwise the Functions host answers / with a page of its own.
      AzureWebJobsDisableHomepage: 'true'
      Stage: stage
      Tables__ServiceUri: 'https://${storageName}.table.${suffixes.storage}/'
      KeyVault__VaultUri: 'https://${vaultName}${suffixes.keyvaultDns}/'
      KeyVault__MomentoApiKeySecret: momentoApiKeySecret
      Momento__CacheName: momento.cacheName
      Momento__TokenCallsPerSecond: momento.tokenCallsPerSecond
      ...(empty(momento.topicPrefix) ? {} : { Momento__TopicPrefix: momento.topicPrefix })
      ...(empty(momento.endpoint) ? {} : { Momento__Endpoint: momento.endpoint })
      Entra__Authority: entra.authority
      Entra__Audiences__0: audiences[0]
      Entra__Audiences__1: audiences[1]
      ...(empty(contentSafetyName) ? {} : { Moderation__ContentSafety__Endpoint: safety.properties.endpoint })
    }
  }

  // A first wall, before the app's own check. It needs no client secret, since it only checks tokens and signs nobody in.
  resource auth 'config' = {
    name: 'authsettingsV2'
    properties: {
      platform: { enabled: true }
      globalValidation: {
        requireAuthentication: true
        unauthenticatedClientAction: 'Return401'
        excludedPaths: ['/health/live', '/health/ready', '/openapi.json']
      }
      httpSettings: { requireHttps: true }
      login: { tokenStore: { enabled: false } }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: { clientId: entra.apiClientId, openIdIssuer: entra.authority }
          validation: {
            allowedAudiences: audiences
            // Tokens that people got through these front ends.
            defaultAuthorizationPolicy: { allowedApplications: entra.clientIds }
          }
        }
      }
    }
  }

  // Without these two there is a user name and a password for deployments.
  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

output baseUrl string = 'https://${api.properties.defaultHostName}'
