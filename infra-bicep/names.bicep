// What each resource of a stage is called. A stage finds the vault of another one by the same rules.

@export()
type Names = {
  resourceGroup: string
  identity: string
  storage: string
  hostStorage: string
  vault: string
  logs: string
  insights: string
  alerts: string
  plan: string
  api: string
  web: string
  contentSafety: string
}

@export()
@description('The stage if its name is legal. azd allows other characters too, which names of resources do not.')
func legalStage(stage string, parameter string) string =>
  isLegalStage(stage)
    ? stage
    : fail('${parameter} \'${stage}\' is not 1 to 64 letters, digits and hyphens, with a letter or digit first and last')

@export()
func isLegalStage(stage string) bool =>
  length(stage) >= 1 && length(stage) <= 64 && !startsWith(stage, '-') && !endsWith(stage, '-') && empty(filter(
    characters(toLower(stage)),
    character => !contains('abcdefghijklmnopqrstuvwxyz0123456789-', character)
  ))

@export()
@description('The names of a legal stage. Azure ignores their case, so that stages which differ in case only are one stage.')
func namesOf(stage string, subscriptionId string) Names => {
  resourceGroup: 'rg-chat-${toLower(stage)}'
  identity: 'id-chat-${cut(stage, 40)}'
  storage: 'st${slug(stage)}${hash(stage, subscriptionId)}'
  hostStorage: 'sh${slug(stage)}${hash(stage, subscriptionId)}'
  vault: 'kv${slug(stage)}${hash(stage, subscriptionId)}'
  logs: 'log-chat-${cut(stage, 40)}'
  insights: 'appi-chat-${cut(stage, 40)}'
  alerts: 'alert-chat-${cut(stage, 40)}'
  plan: 'plan-chat-${cut(stage, 30)}'
  api: 'func-chat-${cut(stage, 38)}-${hash(stage, subscriptionId)}'
  web: 'stapp-chat-${cut(stage, 29)}'
  contentSafety: 'cs-chat-${cut(stage, 40)}-${hash(stage, subscriptionId)}'
}

func characters(text string) string[] => map(range(0, length(text)), i => substring(text, i, 1))

@description('The beginning of the stage, without a hyphen at the end.')
func cut(stage string, length int) string => replace(trim(replace(take(toLower(stage), length), '-', ' ')), ' ', '-')

@description('Storage accounts and vaults have 24 characters: 2 for the kind, 11 for the stage, and 11 that make the name unique.')
func slug(stage string) string => take(replace(toLower(stage), '-', ''), 11)

@description('Names of vaults, storage accounts, apps and the like are of the whole world. What is cut off of a long stage counts here.')
func hash(stage string, subscriptionId string) string =>
  take(uniqueString(subscriptionId, 'chat-functions', toLower(stage)), 11)

@export()
@description('The app knows its tables by these names.')
var tableNames = ['messages', 'presence', 'rooms', 'tokens', 'work']

@export()
@description('Where azd puts the package that the app runs from.')
var deploymentContainer = 'deployments'

@export()
@description('The secret that holds the Momento API key.')
var momentoApiKeySecret = 'momento-api-key'
