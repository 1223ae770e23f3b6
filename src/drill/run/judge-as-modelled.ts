import type { SystemModel } from '../../model/index.ts'
import type { DrillPlan } from '../format/plan.ts'
import type { ExpectationInput } from '../format/schema.ts'
import { samplesIn, writeShare } from './judge-expectation.ts'
import { failuresOf, predict } from './predict.ts'
import type { JudgedExpectation, Observation } from './result.ts'

/** A flow counts as down when this share of its requests at most is served, and as served from that share on. */
const DOWN_MAX = 0.1
const SERVED_MIN = 0.9

/** Whether what users saw of a flow is what the model predicts. Between the two shares it is neither: that is no match. */
export function judgeAsModelled(
  expectation: ExpectationInput,
  { plan, observation, model }: { plan: DrillPlan; observation: Observation; model: SystemModel | undefined },
): JudgedExpectation {
  const load = expectation.load ?? ''
  const flow = plan.input.load?.[load]?.flow
  const claims = expectation.claims ?? plan.claims
  const unknown = (why: string): JudgedExpectation => ({
    text: `${load}: as modelled`,
    claims,
    ...(flow !== undefined && { flow }),
    holds: undefined,
    found: `unknown: ${why}`,
  })
  if (model === undefined) return unknown('the drill has no model')
  if (flow === undefined) return unknown('the load names no flow')
  const failing = failuresOf(plan, model)
  if ('unknown' in failing) return unknown(failing.unknown)
  const predicted = predict(model, failing).get(flow)
  if (predicted === undefined) return unknown(`the model has no flow "${flow}"`)
  // An answer that came after the first undo says nothing of the time when all of it was broken.
  const { events, mendedMs = 0 } = observation
  const endMs = events.find(({ kind }) => kind === 'undone')?.atMs ?? mendedMs
  const samples = samplesIn(observation, expectation).filter(({ atMs, tookMs }) => atMs + tookMs <= endMs)
  if (samples.length === 0) return unknown('no request was sent')
  const share = samples.filter(({ outcome }) => outcome !== 'failed').length / samples.length
  return {
    text: `${load}: ${flow} is ${predicted}, as modelled`,
    claims,
    flow,
    holds: predicted === 'down' ? share <= DOWN_MAX : share >= SERVED_MIN,
    found: `${writeShare(share)} served`,
  }
}
