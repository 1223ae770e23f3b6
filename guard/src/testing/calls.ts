import { Registry } from '../registry/registry.ts'
import { FakeClock } from './fake-clock.ts'

/** A registry on a clock the test moves; the random number is always 1, so delays are the longest possible. */
export function createTestRegistry(): { registry: Registry; clock: FakeClock } {
  const clock = new FakeClock()
  return { clock, registry: new Registry({ clock, random: () => 1 }) }
}

/** A promise a test settles itself. */
export function deferred<T = unknown>(): {
  promise: Promise<T>
  resolve: (value: T) => void
  reject: (error: unknown) => void
} {
  let resolve: (value: T) => void = () => undefined
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}

/** What a promise came to, as text a test can compare: its value, or the code or message of its error. */
export function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => value,
    (error) => (error as { code?: string }).code ?? (error as Error).message,
  )
}

export const succeed = async () => 'ok'
export const fail = async (): Promise<never> => {
  throw new Error('down')
}
/** Never ends, and does not listen to its signal. */
export const hang = (_ignored?: unknown) => new Promise<never>(() => undefined)
