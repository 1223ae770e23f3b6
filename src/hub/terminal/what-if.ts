import type { Failing, View } from '../../assess/index.ts'
import { sayDifference } from './explain.ts'
import { heading, type Paint, pad, padLeft, percent, WIDTH, wrap } from './paint.ts'

export interface Fallen {
  readonly down: readonly string[]
  readonly degraded: readonly string[]
}

export interface WhatIf {
  readonly before: View
  readonly after: View
  readonly changes: readonly string[]
  readonly failing: readonly Failing[]
  readonly fallenBefore: Fallen
  readonly fallenAfter: Fallen
}

/** The report of `linchpin what-if`: the same questions before and after the changes. */
export function writeWhatIf(result: WhatIf, paint: Paint): string {
  const sections = [
    writeChanges(result.changes, paint),
    result.failing.length > 0 ? writeFailure(result, paint) : [],
    result.changes.length > 0 ? writeFlows(result, paint) : [],
    result.changes.length > 0 ? writeComponents(result, paint) : [],
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function writeChanges(changes: readonly string[], paint: Paint): string[] {
  if (changes.length === 0) return []
  return [...heading('Changes', paint), ...changes.flatMap((change) => wrap(change, WIDTH, '  ', '    '))]
}

function writeFailure({ failing, before, fallenBefore, fallenAfter, changes }: WhatIf, paint: Paint): string[] {
  const what = failing
    .map(({ component, mode }) => `${component} ${mode === 'crash' ? 'crashes' : 'hangs'}`)
    .join(' and ')
  const state = ({ down, degraded }: Fallen, flow: string) =>
    down.includes(flow) ? 'down' : degraded.includes(flow) ? 'degraded' : 'up'
  const rows = before.flows.map(({ flow }) => {
    const was = state(fallenBefore, flow.id)
    const now = state(fallenAfter, flow.id)
    const line = `  ${pad(flow.title, 36)}${padLeft(percent(flow.share), 7)}   ${pad(was, 12)}${changes.length > 0 ? now : ''}`
    return was === now ? line.trimEnd() : paint.green(line)
  })
  const sum = ({ down }: Fallen) =>
    percent(before.flows.reduce((total, { flow }) => total + (down.includes(flow.id) ? flow.share : 0), 0))
  const total = `  ${pad('business down', 36)}${padLeft('', 7)}   ${pad(sum(fallenBefore), 12)}${changes.length > 0 ? sum(fallenAfter) : ''}`
  const columns = `  ${pad('', 36)}${padLeft('share', 7)}   ${pad(changes.length > 0 ? 'before' : 'state', 12)}${changes.length > 0 ? 'after' : ''}`
  return [...heading(`When ${what}`, paint), paint.dim(columns.trimEnd()), ...rows, total.trimEnd()]
}

function writeFlows({ before, after }: WhatIf, paint: Paint): string[] {
  const rows = before.flows.map((was, i) => {
    const now = after.flows[i]
    const figures = [was.minutesDownPerYear, now?.minutesDownPerYear ?? 0].map((minutes) =>
      padLeft(String(Math.round(minutes)), 10),
    )
    const spofs = [was.spofs.length, now?.spofs.length ?? 0].map((count) => padLeft(String(count), 10))
    return `  ${pad(was.flow.title, 36)}${figures.join('')}${spofs.join('')}`
  })
  const columns = `  ${pad('', 36)}${padLeft('min/year', 10)}${padLeft('after', 10)}${padLeft('SPOFs', 10)}${padLeft('after', 10)}`
  return [...heading('Flows', paint), paint.dim(columns), ...rows]
}

function writeComponents({ before, after }: WhatIf, paint: Paint): string[] {
  const old = new Map(before.components.map((item) => [item.component.id, item]))
  const lines = after.components.flatMap((now) => {
    const was = old.get(now.component.id)
    if (!was) return wrap(`${now.component.title}: added`, WIDTH, '  ', '    ')
    const difference = sayDifference(was, now)
    return difference === '' ? [] : wrap(`${now.component.title}: ${difference}`, WIDTH, '  ', '    ')
  })
  return [...heading('Components', paint), ...(lines.length > 0 ? lines : ['  Nothing changes for any component.'])]
}
