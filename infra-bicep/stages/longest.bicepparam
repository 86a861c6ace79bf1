// The longest name that a stage can have, on dev's Momento API key and in its cache.

using '../main.bicep'

param stageName = 'FEAT-ABP-1734-invitations-that-expire-are-told-of-in-the-web-app'
param secretStageName = 'DEV'
param location = 'westeurope'
param shareMomentoCache = true
param entraAuthority = 'https://login.microsoftonline.com/00000000-0000-0000-0000-00000000000a/v2.0'
param entraApiClientId = '00000000-0000-0000-0000-00000000003b'
param entraWebClientId = '00000000-0000-0000-0000-00000000003c'
