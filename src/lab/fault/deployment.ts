import { isPlainObject } from '../../source/index.ts'
import type { InstancePlan } from '../format/plan.ts'
import type { AppliedFault } from './fault.ts'

/** What is wrong with the settings of a bad deployment; undefined when they can be read. */
export function explainDeployment(settings: Readonly<Record<string, string>>): string | undefined {
  const { command = '', environment = '' } = settings
  if (command === '' && environment === '')
    return `deploy changes nothing. Give command='["node","other.mjs"]' or environment='{"NAME":"value"}'.`
  const words = parse(command)
  if (command !== '' && !(Array.isArray(words) && words.length > 0 && words.every((word) => typeof word === 'string')))
    return `command=${command} is not a JSON list of words such as ["node","other.mjs"]. Correct it.`
  const variables = parse(environment)
  if (
    environment !== '' &&
    !(isPlainObject(variables) && Object.values(variables).every((value) => typeof value === 'string'))
  )
    return `environment=${environment} is not a JSON block of texts such as {"NAME":"value"}. Correct it.`
  return undefined
}

/** The instance as the deployments in force make it; as it is when there are none. */
export function redeploy(plan: InstancePlan, faults: readonly AppliedFault[]): InstancePlan {
  let { command, environment } = plan
  for (const { target, fault, settings } of faults) {
    if (target !== plan.name || fault !== 'deploy') continue
    const words = parse(settings.command ?? '')
    const variables = parse(settings.environment ?? '')
    if (Array.isArray(words)) command = words
    if (isPlainObject(variables)) environment = { ...environment, ...(variables as Record<string, string>) }
  }
  return { ...plan, command, environment }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
