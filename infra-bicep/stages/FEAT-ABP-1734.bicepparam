// A ticket's stage, on dev's Momento API key. It has a Momento cache of its own.

using '../main.bicep'

param stageName = 'FEAT-ABP-1734'
param secretStageName = 'dev'
param location = 'westeurope'
param momentoTokenCallsPerSecond = '0.5'
param entraAuthority = 'https://login.microsoftonline.com/00000000-0000-0000-0000-00000000000a/v2.0'
param entraApiClientId = '00000000-0000-0000-0000-00000000002b'
param entraWebClientId = '00000000-0000-0000-0000-00000000002c'
