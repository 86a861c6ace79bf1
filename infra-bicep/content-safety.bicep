// Azure AI Content Safety, which the app asks about messages before they are kept.

import { Tags } from 'tags.bicep'

param name string
param location string
param tags Tags

resource account 'Microsoft.CognitiveServices/accounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'ContentSafety'
  sku: { name: 'S0' }
  properties: {
    // Only an address of its own takes tokens of identities.
    customSubDomainName: name
    disableLocalAuth: true
    publicNetworkAccess: 'Enabled'
  }
}
