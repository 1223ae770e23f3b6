import type { DrillResult, TrialResult } from '../run/result.ts'
import { bucketsOf } from './timeline.ts'

/** A run as JSON: everything but the single requests, which stand in `requests.csv`. */
export function summariseRun(result: DrillResult): object {
  return { ...result, trials: result.trials.map(summariseTrial) }
}

function summariseTrial({ samples, ...rest }: TrialResult): object {
  const loads = Object.keys(rest.broken)
  const timeline = Object.fromEntries(loads.map((load) => [load, bucketsOf({ samples }, load)]))
  return { ...rest, requests: samples.length, timeline }
}
