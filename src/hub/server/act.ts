import type { FastifyInstance } from 'fastify'
import type * as z from 'zod'
import { ACTIONS, said } from '../contract/routes.ts'
import type { Person } from './access.ts'
import type { Actions, HubOptions } from './create-hub.ts'

type Path = keyof typeof ACTIONS

const PERFORM: {
  readonly [P in Path]: (
    actions: Actions,
    given: z.output<(typeof ACTIONS)[P]['asks']> & z.output<(typeof ACTIONS)[P]['body']>,
    by: Person,
  ) => Promise<void>
} = {
  '/api/drills/:drill/run': (actions, { drill }, by) => actions.runDrill(drill, by),
  '/api/run/stop': (actions, _none, by) => actions.stopDrill(by),
  '/api/runbooks/:runbook/run': (actions, { runbook, ...start }, by) => actions.runPage(runbook, start, by),
  '/api/page/answer': (actions, { id, value }, by) => actions.answer(id, value, by),
  '/api/page/stop': (actions, _none, by) => actions.stopPage(by),
}

export function addActions(app: FastifyInstance, { actions }: HubOptions): void {
  for (const path of Object.keys(ACTIONS) as Path[]) {
    const { is, asks, body } = ACTIONS[path]
    const perform = PERFORM[path] as (actions: Actions, given: object, by: Person) => Promise<void>
    const takesBody = Object.keys(body.shape).length > 0
    const schema = {
      summary: is,
      ...(path.includes(':') && { params: asks }),
      ...(takesBody && { body }),
      response: { 202: said, 409: said.describe('It cannot be done now.') },
    }
    app.post(path, { schema, config: { role: 'operator' } }, async (request, reply) => {
      await perform(actions, { ...(request.params as object), ...(request.body as object) }, request.person)
      return reply.code(202).send({ message: 'accepted' })
    })
  }
}
