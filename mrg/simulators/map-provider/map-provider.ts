import * as z from 'zod'
import { isSame, Problem, secret } from '../../kernel/index.ts'
import { openBooks } from '../books.ts'
import { REQUEST_FAULTS } from '../faults.ts'
import { drive, type Point, pointQuery } from '../road.ts'
import { createSimulator, type Simulator, type SimulatorOptions, simulatorEnvironment } from '../simulator.ts'

export const mapProviderEnvironment = {
  ...simulatorEnvironment,
  /** google-maps or here-maps: one program, run once for each. */
  NAME: z.string().min(1),
  API_KEY: secret,
}
type Environment = z.infer<z.ZodObject<typeof mapProviderEnvironment>> & SimulatorOptions['environment']

interface Routed extends ReturnType<typeof drive> {
  readonly from: Point
  readonly to: Point
  readonly at: string
}

/** Knows how far it is from here to there, and how long it takes. */
export async function createMapProvider(environment: Environment): Promise<Simulator> {
  // The file has every route; nobody asks for them one by one.
  let routes = 0
  const books = openBooks<Routed>(environment.DATA, () => {
    routes += 1
  })
  const simulator = await createSimulator({
    name: environment.NAME,
    title: `${environment.NAME}, a map provider (simulated)`,
    environment,
    faults: REQUEST_FAULTS,
    books: () => ({ routes }),
    authorise(request) {
      if (!isSame(String(request.headers['x-api-key'] ?? ''), environment.API_KEY))
        throw new Problem(401, 'invalid-key', { detail: 'Send the API key as x-api-key.' })
    },
  })
  const querystring = z.object({ from: pointText, to: pointText })
  simulator.app.get('/route', { schema: { querystring } }, ({ query: { from, to } }) => {
    const way = drive(from, to)
    books.write({ from, to, ...way, at: new Date().toISOString() })
    return way
  })
  return simulator
}

/** `-6.2,106.8` */
const pointText = z
  .string()
  .regex(/^[^,]+,[^,]+$/, 'is not lat,lng')
  .transform((text) => {
    const [lat, lng] = text.split(',')
    return { lat, lng }
  })
  .pipe(pointQuery)
