import { setTimeout as pause } from 'node:timers/promises'
import { takeLock } from '../../lab/index.ts'
import { digestOf } from '../../source/index.ts'

/** The lock of one drill at a time: the kernel gives it back when its holder ends. Undefined when another has it. */
export function lockDrill(folder: string): Promise<(() => void) | undefined> {
  return takeLock(`drill-${digestOf(folder).slice(0, 32)}`)
}

/** A holder that hangs must not keep a fault alive: every undo may be done twice. */
const WAIT_MS_MAX = 30_000

/** Runs work while nobody else undoes anything here. */
export async function whileAlone<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + WAIT_MS_MAX
  for (;;) {
    const release = await takeLock(`undo-${digestOf(folder).slice(0, 32)}`)
    if (release) return await work().finally(release)
    if (performance.now() > deadline) return await work()
    await pause(20)
  }
}
