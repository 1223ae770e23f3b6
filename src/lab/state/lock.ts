import { createServer, type Server } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { digestOf } from '../../source/index.ts'
import { LabError } from '../lab-error.ts'

/**
 * Takes a lock that the kernel gives back when its holder ends, however it ends: an abstract socket of this name.
 * Undefined when another process holds it.
 */
export function takeLock(name: string): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    const server: Server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen({ path: `\0linchpin-${name}` }, () => {
      server.unref()
      resolve(() => server.close())
    })
  })
}

/** Keeps other lab commands away from a lab until it is given back; waits `withinMs` for one that is at work. */
export async function lockLab(path: string, withinMs = 0): Promise<() => void> {
  const name = digestOf(path).slice(0, 32)
  const deadline = performance.now() + withinMs
  for (;;) {
    const release = await takeLock(name)
    if (release) return release
    if (performance.now() >= deadline)
      throw new LabError('wrong-use', 'Another linchpin lab command is at work on this lab. Wait for it, or stop it.')
    await pause(50)
  }
}
