import type { LabStatus, PartStatus } from './status.ts'

/** A status as lines for a terminal: one part a line, then links, then what is wrong with the lab as a whole. */
export function writeStatus(status: LabStatus): string {
  const heading = `${status.lab} (profile ${status.profile}): ${summarise(status)}`
  const hasFigures = status.parts.some(({ figures }) => Object.keys(figures).length > 0)
  const rows = [
    ['PART', 'STATE', 'PORTS', 'PROCESS', 'RESTARTS', 'FAULTS', ...(hasFigures ? ['SAYS'] : [])],
    ...status.parts.map((part) => [
      part.name,
      WORDS[part.state],
      writePorts(part),
      String(part.pid ?? '-'),
      String(part.restarts),
      part.faults.join(' ') || '-',
      ...(hasFigures ? [writeFigures(part)] : []),
    ]),
    ...status.links.map(({ name, port, state, faults }) => [
      name,
      state,
      String(port),
      '-',
      '-',
      faults.join(' ') || '-',
    ]),
  ]
  const reasons = status.parts
    .filter(({ reason }) => reason !== undefined)
    .map((part) => `${part.name}: ${part.reason}`)
  return `${[heading, '', ...align(rows), ...spaced(reasons), ...spaced(explainTrouble(status))].join('\n')}\n`
}

export const WORDS: Readonly<Record<PartStatus['state'], string>> = {
  stopped: 'stopped',
  starting: 'starting',
  ready: 'ready',
  unready: 'not ready',
  restarting: 'restarting',
  held: 'killed',
  done: 'done',
  failed: 'failed',
  frozen: 'frozen',
  dead: 'dead',
}

function writePorts({ address, ports }: PartStatus): string {
  const shown = ports.join(' ') || '-'
  return address === undefined ? shown : `${address}:${shown}`
}

function writeFigures({ figures }: PartStatus): string {
  const known = Object.entries(figures).map(([name, value]) => `${name}=${value ?? '?'}`)
  return known.join(' ') || '-'
}

function summarise({ parts }: LabStatus): string {
  if (parts.every(({ state }) => state === 'stopped')) return 'down'
  const ready = parts.filter(({ state }) => state === 'ready' || state === 'done').length
  return `${ready} of ${parts.length} ready`
}

function explainTrouble({ supervisor, strays }: LabStatus): string[] {
  const lines: string[] = []
  if (supervisor === 'dead')
    lines.push(
      'The supervisor is dead: nothing is restarted and links are closed. linchpin lab up takes over what runs.',
    )
  if (supervisor === 'silent') lines.push('The supervisor does not answer. linchpin lab down cleans up without it.')
  if (strays.length > 0)
    lines.push(`Processes that belong to no part: ${strays.join(', ')}. linchpin lab down ends them.`)
  return lines
}

function align(rows: readonly string[][]): string[] {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? []
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function spaced(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines]
}
