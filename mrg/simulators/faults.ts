import * as z from 'zod'
import { type App, Problem } from '../kernel/index.ts'

const none = z.strictObject({})
const delay = z.strictObject({ delayMs: z.int().min(0).max(600_000).default(2_000) })

/** Every fault a simulator may know, with its settings. What each does: the README of this folder. */
const SETTINGS = {
  hang: none,
  slow: delay,
  late: delay,
  errors: z.strictObject({
    status: z.int().min(400).max(599).default(500),
    share: z.number().gt(0).max(1).default(1),
  }),
  credentials: none,
  duplicates: none,
  'late-callbacks': delay,
  'no-callbacks': none,
  'no-taxi': none,
} as const
export type FaultName = keyof typeof SETTINGS
type Settings<Name extends FaultName> = z.infer<(typeof SETTINGS)[Name]>

/** Faults of whoever answers requests. */
export const REQUEST_FAULTS: readonly FaultName[] = ['hang', 'slow', 'late', 'errors', 'credentials']
/** Faults of whoever calls back. */
export const CALLBACK_FAULTS: readonly FaultName[] = ['duplicates', 'late-callbacks', 'no-callbacks']

/** What a simulator does badly at the moment. Kept in memory: a process that starts again is in order. */
export interface Faults {
  /** The settings of the fault while it is on. */
  get<Name extends FaultName>(name: Name): Settings<Name> | undefined
  /** Resolves when the fault is off; at once if it is. */
  mended(name: FaultName): Promise<void>
}

interface Active {
  settings: unknown
  readonly mended: Promise<void>
  readonly mend: () => void
}

/** Adds `GET /faults`, `PUT /faults/:name` and `DELETE /faults/:name` for the faults that this simulator supports. */
export function addFaults(app: App, supported: readonly FaultName[]): Faults {
  const active = new Map<FaultName, Active>()
  const params = z.object({ name: z.string() })
  const find = (name: string): FaultName => {
    const found = supported.find((one) => one === name)
    if (found) return found
    throw new Problem(404, 'no-such-fault', {
      detail: `There is no fault ${name}. There are: ${supported.join(', ')}.`,
    })
  }
  app.get('/faults', () => ({
    supported,
    active: Object.fromEntries([...active].map(([name, { settings }]) => [name, settings])),
  }))
  app.put('/faults/:name', { schema: { params } }, (request) => {
    const name = find(request.params.name)
    const settings = readSettings(name, request.body)
    const known = active.get(name)
    if (known) known.settings = settings
    else active.set(name, activate(settings))
    return { fault: name, settings }
  })
  app.delete('/faults/:name', { schema: { params } }, (request) => {
    const name = find(request.params.name)
    active.get(name)?.mend()
    active.delete(name)
    return { fault: name }
  })
  return {
    get: (name) => active.get(name)?.settings as never,
    mended: async (name) => active.get(name)?.mended,
  }
}

function readSettings(name: FaultName, body: unknown): unknown {
  const { success, data, error } = SETTINGS[name].safeParse(body ?? {})
  if (success) return data
  throw new Problem(400, 'invalid-settings', { detail: `${name}: ${z.prettifyError(error)}` })
}

function activate(settings: unknown): Active {
  let mend: () => void = () => undefined
  const mended = new Promise<void>((resolve) => {
    mend = resolve
  })
  return { settings, mended, mend }
}
