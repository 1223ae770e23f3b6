import { identify } from '../process/identity.ts'
import { LabFolder } from '../state/lab-folder.ts'
import { takeLock } from '../state/lock.ts'
import { answerRequests } from './control-channel.ts'
import type { Request } from './requests.ts'
import { Supervisor } from './supervisor.ts'

/** So long it waits for its first request. */
const IDLE_MS = 10_000

/**
 * The body of the supervisor process: answers until nothing is left to watch over. Resolves when it may end. When it
 * is told to end before, it leaves the parts alone: they are on record, and `linchpin lab up` takes them over. When
 * somebody removes its folder, no record leads to them any more, so it stops them.
 */
export async function runSupervisor(path: string): Promise<void> {
  const folder = new LabFolder(path)
  const record = folder.readLab()
  if (!record) throw new Error(`${path} holds no lab.`)
  const release = await takeLock(`supervisor-${record.mark}`)
  if (!release) return
  const self = identify(process.pid)
  if (self) folder.writeSupervisor(self)
  const supervisor = new Supervisor(folder, record.mark)
  const startedAt = performance.now()
  let hasRun = false
  const server = await answerRequests(folder.socket, (request, conversation) => {
    hasRun ||= (request as Request).do === 'up'
    return supervisor.answer(request as Request, conversation)
  })
  await new Promise<void>((resolve) => {
    const end = () => resolve()
    process.once('SIGTERM', end)
    const timer = setInterval(() => {
      if (!folder.readLab()) void supervisor.abandon().then(end)
      if (supervisor.isEmpty && (hasRun || performance.now() - startedAt > IDLE_MS)) end()
    }, 200)
    server.once('close', () => clearInterval(timer))
  })
  server.close()
  if (supervisor.isEmpty && folder.readLab()) folder.forgetRun()
}
