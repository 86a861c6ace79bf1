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
param storageName string
param vaultName string
param insightsConnectionString string
param webOrigin string
param momento Momento
param entra Entra

@description('Empty where messages are not sent there.')
param contentSafetyName string

type Identity = {
  id: string
  clientId: string
}

@export()
type Momento = {
  cacheName: string

  @description('Empty for an API key that says itself where its account lives.')
  endpoint: string

  @description('Empty where the cache is the stage\'s own.')
  topicPrefix: string

  tokenCallsPerSecond: string
}

@export()
type Entra = {
  authority: string
  apiClientId: string
  webClientId: string
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
  properties: { reserved: true }
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
        allowedOrigins: [webOrigin]
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
          value: 'https://${storageName}.blob.${suffixes.storage}/${deploymentContainer}'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity.id }
        }
      }
      // Each instance makes up to Momento:TokenCallsPerSecond calls a second, and Momento grants 5 to the account, to all
      // instances of all its stages together. So few instances, which serve many requests each (they wait more than they
      // work): at 2 calls a second the third busy instance is one too many, and then Momento refuses calls, all instances
      // make fewer, clients get 503 for a while, and momento-limit alerts. 40 is the lowest maximum that all regions take.
      scaleAndConcurrency: {
        instanceMemoryMB: 2048
        maximumInstanceCount: 40
        triggers: { http: { perInstanceConcurrency: 200 } }
      }
    }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: {
      AzureWebJobsStorage__accountName: storageName
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
            // Tokens that people got through the web client. Other clients of the API are added here.
            defaultAuthorizationPolicy: { allowedApplications: [entra.webClientId] }
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
