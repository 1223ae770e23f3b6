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
export function exportExperiment(plan: DrillPlan): ExportedExperiment {
  const { input, claims } = plan
  const notes = [
    'An experiment has no watchdog: if it is killed, nothing undoes its faults. Run linchpin lab mend then.',
    'Rollbacks run only with --rollback-strategy=always.',
  ]
  if (input.load)
    notes.push(`The load (${Object.keys(input.load).join(', ')}) and what is expected of it do not carry over.`)
  if (claims.length > 0) notes.push(`The claims (${claims.join(', ')}) are not proved by an experiment.`)
  const faults = exportFaults(plan, notes)
  const probes = exportProbes(plan, notes)
  const experiment = {
    version: '1.0.0',
    title: input.title ?? input.drill,
    description: notes.join(' '),
    'steady-state-hypothesis': { title: 'Steady state', probes },
    ...exportMethod(plan, faults),
  }
  return { experiment, notes }
}

interface ExportedFault {
  readonly target: string
  readonly name: string
  readonly forMs: number
  readonly set: readonly string[]
}

function exportFaults({ steps }: DrillPlan, notes: string[]): ExportedFault[] {
  return steps.flatMap(({ kind, fault, targets, settings, forMs }) => {
    if (['clock', 'cpu', 'memory', 'disk-full', 'restart'].includes(kind)) {
      notes.push(`The fault ${fault} needs a drill: a lab cannot be told to break so by hand.`)
      return []
    }
    const name = kind === 'partition' ? 'blackhole' : fault
    const set = Object.entries(settings).map(([key, value]) => `${key}=${value}`)
    return targets.map((target) => ({ target, name, forMs, set }))
  })
}

function exportProbes({ input }: DrillPlan, notes: string[]): object[] {
  return Object.entries(input.probes ?? {}).flatMap(([name, { http, field, timeout = 5_000 }]) => {
    const bound = input.steady?.find(({ probe }) => probe === name)?.is
    if (http === undefined || field !== undefined || bound?.kind !== 'number' || bound.sign !== '=') {
      notes.push(`The probe ${name} does not carry over.`)
      return []
    }
    const [method = 'GET', url = ''] = http.includes(' ') ? http.split(' ') : ['GET', http]
    const provider = { type: 'http', method, url, timeout: timeout / 1_000 }
    return [{ type: 'probe', name, tolerance: bound.value, provider }]
  })
}

function exportMethod({ labFile, lab: { outside } }: DrillPlan, faults: readonly ExportedFault[]): object {
  const lab = ['--lab', labFile.path]
  const confirm = outside === undefined ? [] : ['--confirm', outside]
  const call = (name: string, words: readonly string[]) => ({
    type: 'action',
    name,
    provider: { type: 'process', path: 'linchpin', arguments: ['lab', ...words, ...lab] },
  })
  return {
    method: faults.map(({ target, name, set, forMs }, i) => ({
      ...call(`${name}-${target}`, ['break', target, name, ...set, ...confirm]),
      ...(i === faults.length - 1 && { pauses: { after: forMs / 1_000 } }),
    })),
    rollbacks: faults.map(({ target, name }) => call(`mend-${name}-${target}`, ['mend', target, name])),
  }
}
