import type { Logger } from 'pino'
import type { App } from '../../../kernel/index.ts'
import { addActionRoutes } from './action-routes.ts'
import { reportBreaker } from './breaker.ts'
import type { Desk } from './desk.ts'
import { openEvents } from './events.ts'
import { admitOperators } from './operator.ts'
import { addPage } from './page.ts'
import { addReadRoutes } from './read-routes.ts'

export interface DeskOptions extends Desk {
  readonly environment: { readonly DATABASE: string; readonly OPERATOR_TOKEN: string; readonly INSTANCE: string }
  readonly log: Logger
}

/** The dispatch desk under `/desk`: the page for everyone, all else for operators. */
export function openDesk(app: App, options: DeskOptions): { stop(): Promise<void> } {
  const { db, log, environment } = options
  const events = openEvents({ url: environment.DATABASE, log })
  const breaker = reportBreaker({ db, instance: environment.INSTANCE, log })
  addPage(app)
  void app.register(async (scope: App) => {
    admitOperators(scope, environment.OPERATOR_TOKEN)
    addReadRoutes(scope, options)
    addActionRoutes(scope, options)
    scope.get('/desk/events', { schema: { summary: 'One event for each change of the desk' } }, (_request, reply) =>
      events.stream(reply),
    )
  })
  return {
    async stop() {
      await Promise.all([events.stop(), breaker.stop()])
    },
  }
}
