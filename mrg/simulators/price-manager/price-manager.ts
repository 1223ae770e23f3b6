import * as z from 'zod'
import { openBooks } from '../books.ts'
import { REQUEST_FAULTS } from '../faults.ts'
import { fareIdr } from '../road.ts'
import { createSimulator, type Simulator, type SimulatorOptions, simulatorEnvironment } from '../simulator.ts'

export const priceManagerEnvironment = { ...simulatorEnvironment }
type Environment = z.infer<z.ZodObject<typeof priceManagerEnvironment>> & SimulatorOptions['environment']

const priceRequest = z.object({
  product: z.string().min(1).max(40),
  distanceM: z.number().min(0).max(10_000_000),
  durationS: z.number().min(0).max(1_000_000),
})

interface Priced extends z.infer<typeof priceRequest> {
  readonly fareIdr: number
  readonly at: string
}

/** Knows what a drive costs today. */
export async function createPriceManager(environment: Environment): Promise<Simulator> {
  // The file has every price; nobody asks for them one by one.
  let prices = 0
  const books = openBooks<Priced>(environment.DATA, () => {
    prices += 1
  })
  const simulator = await createSimulator({
    name: 'price-manager',
    title: 'Price manager (simulated)',
    environment,
    faults: REQUEST_FAULTS,
    books: () => ({ prices }),
  })
  simulator.app.post('/prices', { schema: { body: priceRequest } }, ({ body }) => {
    const price = { fareIdr: fareIdr(body.distanceM) }
    books.write({ ...body, ...price, at: new Date().toISOString() })
    return price
  })
  return simulator
}
