import type { FastifyInstance } from 'fastify'
import type * as z from 'zod'
import { type Assessment, type Failing, failTogether } from '../../assess/index.ts'
import { READINGS, said } from '../contract/routes.ts'
import { describeComponent, listClaims } from '../web/component.ts'
import { describeEvidence } from '../web/evidence.ts'
import { describeFallen, describeMap } from '../web/map.ts'
import { describeOverview } from '../web/overview.ts'
import { describeRoadmap } from '../web/roadmap.ts'
import type { HubOptions, Snapshot } from './create-hub.ts'

type Path = keyof typeof READINGS

/** From the vault as it is now. Undefined: there is no such thing. */
const ANSWERS: {
  readonly [P in Path]: (
    snapshot: Snapshot,
    asked: z.output<(typeof READINGS)[P]['asks']>,
  ) => z.input<(typeof READINGS)[P]['answers']> | undefined
} = {
  '/api/overview': ({ assessment, proof }) => describeOverview(assessment, proof),
  '/api/map': ({ assessment, proof }) => describeMap(assessment, (claim) => proof.support.supported.has(claim)),
  '/api/what-if': ({ assessment }, { fail }) => {
    const failing = readFailing(assessment, fail)
    return describeFallen(assessment, failing, failTogether(assessment.model, failing))
  },
  '/api/components/:id': ({ assessment, proof }, { id }) => describeComponent(assessment, proof, id),
  '/api/claims': ({ proof }) => listClaims(proof, () => true),
  '/api/evidence': ({ evidence, proof }) => describeEvidence(evidence, proof),
  '/api/roadmap': ({ assessment, proof }) => describeRoadmap(assessment, proof),
  '/api/drills': ({ drills }) => drills,
  '/api/runs': ({ runs }) => runs.list(),
  '/api/runs/:run': ({ runs }, { run }) => runs.run(run),
  '/api/runbooks': ({ runbooks }) => runbooks,
  '/api/docs': ({ docs }) => docs.list(),
  '/api/docs/page': ({ docs }, { path }) => docs.page(path),
  '/api/search': ({ docs }, { q }) => docs.search(q),
}

export function addReadings(app: FastifyInstance, { read }: HubOptions): void {
  for (const path of Object.keys(READINGS) as Path[]) {
    const { is, asks, answers } = READINGS[path]
    const where = path.includes(':') ? 'params' : 'querystring'
    const answer = ANSWERS[path] as (snapshot: Snapshot, asked: unknown) => object | undefined
    const schema = { summary: is, [where]: asks, response: { 200: answers, 404: said } }
    app.get(path, { schema }, (request, reply) => {
      const asked = where === 'params' ? request.params : request.query
      const found = answer(read(), asked)
      if (found !== undefined) return found
      const [name] = Object.values(asked as Record<string, string>)
      return reply.code(404).send({ message: `There is no ${is.split(' ')[1]} "${name}".` })
    })
  }
}

/** `bbd,redis:hang`: ids of the model only. */
function readFailing({ model }: Assessment, text: string): Failing[] {
  return text
    .split(',')
    .filter((word) => word !== '')
    .slice(0, 50)
    .flatMap((word) => {
      const [component = '', mode] = word.split(':')
      if (!model.components.some(({ id }) => id === component)) return []
      return [{ component, mode: mode === 'hang' ? 'hang' : 'crash' }]
    })
}
