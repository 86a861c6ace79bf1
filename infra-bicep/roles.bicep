// All that the app may do, and all that anything in a stage is allowed to do.

import { momentoApiKeySecret, roomsTable } from 'names.bicep'

param principalId string
param storageName string
param insightsName string

@description('The resource group of the vault, which may be another stage\'s.')
param vaultGroup string
param vaultName string

var storageBlobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var storageTableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName

  resource tables 'tableServices' existing = {
    name: 'default'

    resource rooms 'tables' existing = {
      name: roomsTable
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

// The host keeps its keys and leases in containers that it makes, so that the account is the narrowest scope.
resource blobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: storage
  name: guid(storage.id, principalId, storageBlobDataOwner)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataOwner)
  }
}

resource rooms 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: storage::tables::rooms
  name: guid(storage::tables::rooms.id, principalId, storageTableDataContributor)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageTableDataContributor)
  }
}

resource telemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, principalId, monitoringMetricsPublisher)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
  }
}

module secret 'secretRole.bicep' = {
  scope: resourceGroup(vaultGroup)
  params: {
    principalId: principalId
    vaultName: vaultName
    secretName: momentoApiKeySecret
  }
}

output secretRoleAssignmentId string = secret.outputs.id
