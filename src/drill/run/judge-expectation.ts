import { formatDuration } from '../../source/index.ts'
import { type Bound, isWithin } from '../format/bound.ts'
import { type ExpectationInput, OF_LOADS, OF_PROBES, type OfLoads, type OfProbes } from '../format/schema.ts'
import { findRecovery } from '../load/recovery-time.ts'
import type { Sample } from '../load/sample.ts'
import { type LoadSummary, summarise } from '../load/summarise.ts'
import type { JudgedExpectation, Look, Observation } from './result.ts'

const SHARES: readonly string[] = ['ok', 'degraded', 'failed', 'served']

/** Holds one expectation against what was measured; each of its bounds gives one result. */
export async function judgeExpectation(
  expectation: ExpectationInput,
  observation: Observation,
  proves: readonly string[],
): Promise<JudgedExpectation[]> {
  const { load, probe, claims = proves } = expectation
  const moment = expectation.while ?? 'broken'
  const from = expectation.from ? `, from ${formatDuration(expectation.from)} on` : ''
  if (probe !== undefined) {
    const looks = looksIn(observation, expectation)
    return OF_PROBES.flatMap((verb) => {
      const bound = expectation[verb]
      if (!bound) return []
      const text = `${probe} ${verb} ${bound.text} while ${moment}${from}`
      return [{ text, claims, ...judgeProbe(verb, bound, { looks, before: lastBefore(observation, probe) }) }]
    })
  }
  const summary = await summarise(samplesIn(observation, expectation))
  return OF_LOADS.flatMap((figure) => {
    const bound = expectation[figure]
    if (!bound) return []
    const moments = figure === 'rto' ? 'after the fault' : `while ${moment}${from}`
    const text = `${load}: ${figure} ${bound.text} ${moments}`
    const judged = figure === 'rto' ? judgeRto(bound, observation, load ?? '') : judgeLoad(figure, bound, summary)
    return [{ text, claims, ...judged }]
  })
}

/** Requests that met the time in question: all that were under way while broken; those begun since the undo. */
export function samplesIn(
  observation: Observation,
  expectation: Pick<ExpectationInput, 'load' | 'while' | 'from'>,
): Sample[] {
  const { load, from = 0 } = expectation
  const { faultMs, mendedMs, samples } = observation
  if (faultMs === undefined || mendedMs === undefined) return []
  return samples.filter((sample) => {
    if (sample.load !== load) return false
    if (expectation.while === 'mended') return sample.atMs >= mendedMs + from
    const begins = faultMs + from
    return sample.atMs < mendedMs && (from > 0 ? sample.atMs >= begins : sample.atMs + sample.tookMs >= begins)
  })
}

function looksIn(
  { faultMs, mendedMs, looks }: Observation,
  { probe = '', from = 0, ...rest }: ExpectationInput,
): Look[] {
  if (faultMs === undefined || mendedMs === undefined) return []
  const isMended = rest.while === 'mended'
  const [begins, ends] = isMended ? [mendedMs + from, Number.POSITIVE_INFINITY] : [faultMs + from, mendedMs]
  return (looks[probe] ?? []).filter(({ atMs }) => atMs >= begins && atMs <= ends)
}

function lastBefore({ faultMs = 0, looks }: Observation, probe: string): Look | undefined {
  return looks[probe]?.findLast(({ atMs }) => atMs < faultMs)
}

type Judged = Pick<JudgedExpectation, 'holds' | 'found'>

function judgeProbe(
  verb: OfProbes,
  bound: Bound,
  { looks, before }: { looks: readonly Look[]; before: Look | undefined },
): Judged {
  const values = looks.flatMap(({ value }) => value ?? [])
  const last = looks.at(-1)
  const unknown = `unknown: ${last?.reason ?? 'it was not looked at'}`
  if (verb === 'is') return { holds: isWithin(last?.value, bound), found: String(last?.value ?? unknown) }
  if (verb === 'reaches') {
    const holds = values.length === 0 ? undefined : values.some((value) => isWithin(value, bound))
    return { holds, found: values.length === 0 ? unknown : summariseValues(values) }
  }
  if (verb === 'stays') {
    const isBroken = values.some((value) => isWithin(value, bound) === false)
    const holds = isBroken ? false : values.length === 0 || values.length < looks.length ? undefined : true
    return { holds, found: values.length === 0 ? unknown : summariseValues(values) }
  }
  const rise =
    typeof last?.value === 'number' && typeof before?.value === 'number' ? last.value - before.value : undefined
  return { holds: isWithin(rise, bound), found: rise === undefined ? unknown : String(rise) }
}

function summariseValues(values: readonly (number | string)[]): string {
  const numbers = values.filter((value) => typeof value === 'number')
  if (numbers.length < values.length) return [...new Set(values)].join(', ')
  const [min, max] = [Math.min(...numbers), Math.max(...numbers)]
  return min === max ? String(min) : `${min} to ${max}`
}

function judgeLoad(figure: Exclude<OfLoads, 'rto'>, bound: Bound, summary: LoadSummary | undefined): Judged {
  if (!summary) return { holds: undefined, found: 'unknown: no request was sent' }
  const value = summary[figure]
  return { holds: isWithin(value, bound), found: SHARES.includes(figure) ? writeShare(value) : formatDuration(value) }
}

/** A share that is not all and not none never reads so. */
export function writeShare(share: number): string {
  const percent = 100 * share
  if (percent === 0 || percent === 100) return `${percent} %`
  return `${percent > 99 ? Math.floor(percent * 100) / 100 : percent < 1 ? Math.ceil(percent * 100) / 100 : percent.toFixed(1)} %`
}

function judgeRto(bound: Bound, observation: Observation, load: string): Judged {
  const { faultMs, samples } = observation
  if (faultMs === undefined) return { holds: undefined, found: 'unknown: no fault was applied' }
  const own = samples.filter((sample) => sample.load === load)
  if (own.length === 0) return { holds: undefined, found: 'unknown: no request was sent' }
  const recovery = findRecovery(own, faultMs)
  if (recovery.kind === 'not-recovered') return { holds: false, found: 'it did not recover in this trial' }
  if (recovery.kind === 'uninterrupted') return { holds: isWithin(0, bound), found: 'no interruption' }
  return { holds: isWithin(recovery.rtoMs, bound), found: formatDuration(recovery.rtoMs) }
}
