// The vault of a stage that has a Momento API key of its own, and the key.

import { momentoApiKeySecret } from 'names.bicep'
import { Tags } from 'tags.bicep'

param name string
param location string
param tags Tags

@description('Whether nobody can purge the vault, for 90 days after it is deleted. Azure never takes that back.')
param purgeProtection bool

@secure()
@description('A Momento API key, of the kind super user.')
param momentoApiKey string

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

  resource secret 'secrets' = {
    name: momentoApiKeySecret
    properties: {
      contentType: 'text/plain'
      value: empty(momentoApiKey)
        ? fail('momentoApiKey is empty: a stage that reuses no other stage\'s secret needs a Momento API key, in the shell variable MOMENTO_API_KEY')
        : momentoApiKey
    }
  }
}
