// Whom the app is to everything that it uses. Its own resource, so that its roles are there before the app is.

param name string
param location string
param tags Tags

import { Tags } from 'tags.bicep'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

output id string = identity.id
output principalId string = identity.properties.principalId
output clientId string = identity.properties.clientId
