import type { PathStep } from '../../source/index.ts'
import type { Call, DeclaredFault, Figure, Page, ReadyCheck } from './plan.ts'
import type { CallInput, FaultInput, FigureInput, ReadyInput } from './schema.ts'
import { isHttpUrl, mapTexts } from './variables.ts'

/** Fills in variables of one instance and says what is wrong, both at a place within its part. */
interface Writer {
  readonly fill: (path: PathStep[], text: string) => string
  readonly complain: (path: PathStep[], message: string) => void
}

export function planReady(input: ReadyInput, { fill, complain }: Writer): ReadyCheck {
  if (input.http !== undefined) {
    const url = fill(['ready', 'http'], input.http)
    if (!isHttpUrl(url)) complain(['ready', 'http'], `"${input.http}" is not an http URL. Correct it.`)
    return { kind: 'http', url }
  }
  if (input.end) return { kind: 'end' }
  if (input.log !== undefined) return { kind: 'log', pattern: input.log }
  if (input.command)
    return { kind: 'command', command: input.command.map((word, i) => fill(['ready', 'command', i], word)) }
  const address = fill(['ready', 'tcp'], input.tcp ?? '')
  const [, host = '127.0.0.1', port] = /^(?:(.+):)?(\d+)$/.exec(address) ?? []
  if (port === undefined)
    complain(['ready', 'tcp'], `"${input.tcp}" is not host:port. Write it as "\${host}:\${port}".`)
  return { kind: 'tcp', host, port: Number(port) }
}

export function planFigure(name: string, input: FigureInput, { fill, complain }: Writer): Figure {
  const at: PathStep[] = ['figures', name]
  const field = fill([...at, 'field'], input.field)
  if (input.redis !== undefined) {
    const address = fill([...at, 'redis'], input.redis)
    const isAddress = /^[^:/]+:\d+$/.test(address)
    if (!isAddress) complain([...at, 'redis'], `"${input.redis}" is not host:port. Write it as "\${host}:\${port}".`)
    return { name, url: `redis://${address}`, field }
  }
  const url = fill([...at, 'http'], input.http ?? '')
  if (!isHttpUrl(url)) complain([...at, 'http'], `"${input.http}" is not an http URL. Correct it.`)
  return { name, url, field }
}

export function planPage(title: string, text: string, { fill, complain }: Writer): Page {
  const url = fill(['pages', title], text)
  if (!isHttpUrl(url)) complain(['pages', title], `"${text}" is not an http URL. Correct it.`)
  return { title, url }
}

export function planFault(
  name: string,
  { settings = {}, apply, mend }: FaultInput,
  fill: (path: PathStep[], text: string) => string,
): DeclaredFault {
  const planCall = (key: 'apply' | 'mend', call: CallInput): Call => {
    const fillCall = (text: string) => fill(['faults', name, key], text)
    if (call.command) return { kind: 'command', command: call.command.map(fillCall) }
    const [, method = 'POST', url = ''] = /^(?:([A-Z]+)\s+)?(.*)$/.exec(fillCall(call.http ?? '')) ?? []
    return { kind: 'http', method, url, body: mapTexts(call.body, fillCall) }
  }
  return { name, settings, apply: planCall('apply', apply), mend: planCall('mend', mend) }
}
