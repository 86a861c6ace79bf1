using '../main.bicep'

param stageName = 'dev'
param location = 'westeurope'
param momentoApiKey = 'the-momento-api-key'
param entraAuthority = 'https://login.microsoftonline.com/00000000-0000-0000-0000-00000000000a/v2.0'
param entraApiClientId = '00000000-0000-0000-0000-00000000000b'
param entraWebClientId = '00000000-0000-0000-0000-00000000000c'
