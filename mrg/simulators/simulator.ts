import type { FastifyRequest } from 'fastify'
import * as z from 'zod'
import { createService, Problem, type Service } from '../kernel/index.ts'
import { addFaults, type FaultName, type Faults } from './faults.ts'
import { isInOrder, misbehave } from './misbehave.ts'

/** What every simulator is told by its environment, besides the port. */
export const simulatorEnvironment = {
  /** The folder of its books. */
  DATA: z.string().min(1),
}

export interface Simulator extends Service {
  readonly faults: Faults
}

export interface SimulatorOptions extends Omit<Parameters<typeof createService>[0], 'needs'> {
  readonly faults: readonly FaultName[]
  /** Everything it knows, for the auditor. */
  readonly books: () => unknown
  /** Throws for a request that may not pass. Not asked for the pages that need no credentials. */
  readonly authorise?: (request: FastifyRequest) => void
}

/** A service of MRG that stands for a system of somebody else: it keeps books, and misbehaves on demand. */
export async function createSimulator(options: SimulatorOptions): Promise<Simulator> {
  const service = await createService({ ...options, needs: {} })
  const { app } = service
  admitOnlyNeighbours(service)
  const faults = addFaults(app, options.faults)
  misbehave(app, faults)
  app.addHook('onRequest', async (request) => {
    if (!isInOrder(request)) options.authorise?.(request)
  })
  app.get('/books', () => options.books())
  return { ...service, faults }
}

/** Books and faults need no credentials, so they are for this machine only, wherever the service listens. */
function admitOnlyNeighbours({ app }: Service): void {
  app.addHook('onRequest', async (request) => {
    const page = request.routeOptions.url ?? ''
    if (page !== '/books' && !page.startsWith('/faults')) return
    const isNeighbour = request.ip === '::1' || /^(::ffff:)?127\./.test(request.ip)
    if (!isNeighbour) throw new Problem(403, 'loopback-only', { detail: `${page} is for this machine only.` })
  })
}
