// People sign themselves up, in an Entra External ID tenant; the API key is a v2 key.

using '../main.bicep'

param stageName = 'prod'
param location = 'swedencentral'
param momentoApiKey = 'the-momento-api-key'
param momentoEndpoint = 'cell-1-eu-central-1-1.prod.a.momentohq.com'
param entraAuthority = 'https://chat.ciamlogin.com/00000000-0000-0000-0000-00000000001a/v2.0'
param entraApiClientId = '00000000-0000-0000-0000-00000000001b'
param entraWebClientId = '00000000-0000-0000-0000-00000000001c'
param alertEmail = 'operators@chat.example'
