// The web client's files. It calls the API by the API's own address: a linked back end would lose the Authorization header.

import { Tags } from 'tags.bicep'

param name string
param location string
param tags Tags

resource web 'Microsoft.Web/staticSites@2025-03-01' = {
  name: name
  location: location
  tags: { ...tags, 'azd-service-name': 'web' }
  sku: { name: 'Free', tier: 'Free' }
  properties: {
    provider: 'Custom'
    stagingEnvironmentPolicy: 'Disabled'
  }
}

output origin string = 'https://${web.properties.defaultHostname}'
