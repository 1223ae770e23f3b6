import * as z from 'zod'
import { openBooks } from '../books.ts'
import { REQUEST_FAULTS } from '../faults.ts'
import { createSimulator, type Simulator, type SimulatorOptions, simulatorEnvironment } from '../simulator.ts'

export const messagingEnvironment = { ...simulatorEnvironment }
type Environment = z.infer<z.ZodObject<typeof messagingEnvironment>> & SimulatorOptions['environment']

const messageRequest = z.object({
  messageId: z.string().min(1).max(200),
  to: z.string().min(1).max(100),
  text: z.string().min(1).max(2_000),
  language: z.string().min(2).max(10),
})

interface Sent extends z.infer<typeof messageRequest> {
  readonly at: string
}

/** Carries texts to riders; the same message twice is sent once. */
export async function createMessaging(environment: Environment): Promise<Simulator> {
  const messages = new Map<string, Sent>()
  const books = openBooks<Sent>(environment.DATA, (sent) => void messages.set(sent.messageId, sent))
  const simulator = await createSimulator({
    name: 'messaging',
    title: 'Messaging provider (simulated)',
    environment,
    faults: REQUEST_FAULTS,
    books: () => ({ messages: [...messages.values()] }),
  })
  simulator.app.post('/messages', { schema: { body: messageRequest } }, ({ body }, reply) => {
    if (!messages.has(body.messageId)) books.write({ ...body, at: new Date().toISOString() })
    return reply.code(202).send({ messageId: body.messageId })
  })
  return simulator
}
