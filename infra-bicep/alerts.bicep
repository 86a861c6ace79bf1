// Who is told, and of what.

import { Tags } from 'tags.bicep'

@description('The alerts\' names begin so.')
param name string
param insightsName string
param location string
param tags Tags

param email string

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${name}-email'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'chat'
    emailReceivers: [{ name: 'operators', emailAddress: email, useCommonAlertSchema: true }]
  }
}

// All count with itemCount, since one item may stand for several where Application Insights samples. What is logged with an exception
// is a row of exceptions, and not of traces.
var rules = [
  {
    name: 'server-errors'
    description: 'The API answered requests with a 5xx.'
    severity: 1
    query: 'requests | where toint(resultCode) >= 500'
    // A 503 now and then tells a client to come back; more of them tell that something is down.
    moreThan: 5
  }
  {
    name: 'momento-limit'
    description: 'The stages of the Momento account make more calls a second than it grants: lower momentoTokenCallsPerSecond.'
    severity: 2
    query: 'union traces, exceptions | where customDimensions.EventName == "MomentoFailed" and customDimensions.Code == "LIMIT_EXCEEDED_ERROR"'
    moreThan: 0
  }
  {
    name: 'momento-key'
    description: 'An instance cannot read the Momento API key from the vault. One that has a key serves on with it; a new one cannot.'
    severity: 2
    query: 'union traces, exceptions | where customDimensions.EventName == "NoApiKey" or customDimensions.EventName == "OldApiKeyServes"'
    // A refresh that fails is repeated after 10 seconds.
    moreThan: 5
  }
]

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: '${name}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${name}-${rule.name}'
      description: rule.description
      enabled: true
      severity: rule.severity
      scopes: [insights.id]
      // A fresh workspace has none of the tables that the queries read.
      skipQueryValidation: true
      evaluationFrequency: 'PT5M'
      windowSize: 'PT5M'
      criteria: {
        allOf: [
          {
            query: rule.query
            metricMeasureColumn: 'itemCount'
            timeAggregation: 'Total'
            operator: 'GreaterThan'
            threshold: rule.moreThan
          }
        ]
      }
      actions: { actionGroups: [group.id] }
    }
  }
]
