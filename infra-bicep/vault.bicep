// The vault of a stage that has a Momento API key of its own, and the key.

import { momentoApiKeySecret } from 'names.bicep'
import { Tags } from 'tags.bicep'

param name string
param location string
param tags Tags

@description('Whether nobody can purge the vault, for 90 days after it is deleted. Azure never takes that back.')
param purgeProtection bool

@description('Whether the vault cannot be deleted until somebody removes the lock.')
param deleteLock bool

@description('The workspace that is told who read the key. Empty: none.')
param logsName string

@secure()
@description('A Momento API key, of the kind super user. Empty: the one that is there stays, maybe a newer one.')
param momentoApiKey string

@description('The host where the Momento account lives, for a v2 API key; empty for a v1 key.')
param momentoEndpoint string

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: purgeProtection ? 90 : 7
    enablePurgeProtection: purgeProtection ? true : null // False is refused.
  }

  resource secret 'secrets' = if (!empty(momentoApiKey)) {
    name: momentoApiKeySecret
    // Beside the key, so that every stage that uses it knows: the app reads both, and can write neither.
    tags: empty(momentoEndpoint) ? {} : { 'momento-endpoint': momentoEndpoint }
    properties: {
      contentType: 'text/plain'
      value: momentoApiKey
    }
  }
}

resource logs 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: empty(logsName) ? 'none' : logsName
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (deleteLock) {
  scope: vault
  name: 'keep'
  properties: {
    level: 'CanNotDelete'
    notes: 'The Momento API key, which other stages may use.'
  }
}

resource log 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(logsName)) {
  scope: vault
  name: 'audit'
  properties: {
    workspaceId: logs.id
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}
