// A storage account that takes identities only.

import { Tags } from 'tags.bicep'

param name string
param location string
param tags Tags

@description('Whether its data is kept in three zones of the region, not in one.')
param zoneRedundant bool

@description('Whether it cannot be deleted until somebody removes the lock.')
param deleteLock bool

@description('The workspace that is told who deleted rows. Empty: none.')
param logsName string

param tables string[]
param containers string[]

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS' }
  kind: 'StorageV2'
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }

  resource blobs 'blobServices' = {
    name: 'default'
  }

  resource tableService 'tableServices' = {
    name: 'default'
  }
}

resource tableList 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-06-01' = [
  for table in tables: {
    parent: account::tableService
    name: table
  }
]

resource containerList 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = [
  for container in containers: {
    parent: account::blobs
    name: container
    properties: { publicAccess: 'None' }
  }
]

resource logs 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: empty(logsName) ? 'none' : logsName
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (deleteLock) {
  scope: account
  name: 'keep'
  properties: {
    level: 'CanNotDelete'
    notes: 'Rooms and messages, of which there is no other copy.'
  }
}

// Reads and writes are each message's: their log would cost more than the rows.
resource log 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(logsName)) {
  scope: account::tableService
  name: 'deletions'
  properties: {
    workspaceId: logs.id
    logs: [{ category: 'StorageDelete', enabled: true }]
  }
}
