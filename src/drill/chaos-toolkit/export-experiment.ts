import type { DrillPlan } from '../format/plan.ts'

export interface ExportedExperiment {
  /** A Chaos Toolkit experiment, version 1.0.0. */
  readonly experiment: object
  /** What does not carry over, one sentence each. */
  readonly notes: readonly string[]
}

/**
 * A drill as a Chaos Toolkit experiment whose actions call `linchpin lab break` and `mend`. What Linchpin does beyond
 * that (load, expectations of it, the journal, the watchdog, verdicts) has no place there, and the notes say so.
 */
export function exportExperiment({ input, steps, labFile, claims }: DrillPlan): ExportedExperiment {
  const notes = [
    'An experiment has no watchdog: if it is killed, nothing undoes its faults. Run linchpin lab mend then.',
    'Rollbacks run only with --rollback-strategy=always.',
  ]
  if (input.load)
    notes.push(`The load (${Object.keys(input.load).join(', ')}) and what is expected of it do not carry over.`)
  if (claims.length > 0) notes.push(`The claims (${claims.join(', ')}) are not proved by an experiment.`)
  const lab = ['--lab', labFile.path]
  const call = (name: string, words: readonly string[]) => ({
    type: 'action',
    name,
    provider: { type: 'process', path: 'linchpin', arguments: ['lab', ...words, ...lab] },
  })
  const faults = steps.flatMap(({ kind, fault, targets, settings, forMs }) => {
    const name = kind === 'partition' ? 'blackhole' : fault
    if (['clock', 'cpu', 'memory', 'disk-full', 'restart'].includes(kind)) {
      notes.push(`The fault ${fault} needs a drill: a lab cannot be told to break so by hand.`)
      return []
    }
    const set = Object.entries(settings).map(([key, value]) => `${key}=${value}`)
    return targets.map((target) => ({ target, name, forMs, set }))
  })
  const probes = Object.entries(input.probes ?? {}).flatMap(([name, { http, field, every: _, ...rest }]) => {
    const bound = input.steady?.find(({ probe }) => probe === name)?.is
    if (http === undefined || field !== undefined || bound?.kind !== 'number' || bound.sign !== '=') {
      notes.push(`The probe ${name} does not carry over.`)
      return []
    }
    const [method = 'GET', url = ''] = http.includes(' ') ? http.split(' ') : ['GET', http]
    const timeout = (rest.timeout ?? 5_000) / 1_000
    return [{ type: 'probe', name, tolerance: bound.value, provider: { type: 'http', method, url, timeout } }]
  })
  const experiment = {
    version: '1.0.0',
    title: input.title ?? input.drill,
    description: notes.join(' '),
    'steady-state-hypothesis': { title: 'Steady state', probes },
    method: faults.map(({ target, name, set, forMs }, i) => ({
      ...call(`${name}-${target}`, ['break', target, name, ...set]),
      ...(i === faults.length - 1 && { pauses: { after: forMs / 1_000 } }),
    })),
    rollbacks: faults.map(({ target, name }) => call(`mend-${name}-${target}`, ['mend', target, name])),
  }
  return { experiment, notes }
}
