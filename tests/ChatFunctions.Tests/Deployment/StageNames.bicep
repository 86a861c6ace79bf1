// Evaluates the names of many stages in one run of the CLI.

targetScope = 'subscription'

import { isLegalStage, Names, namesOf } from '../../../infra-bicep/names.bicep'

param stages string[]

output legal bool[] = map(stages, stage => isLegalStage(stage))
output names Names[] = map(stages, stage => namesOf(stage, subscription().subscriptionId))
