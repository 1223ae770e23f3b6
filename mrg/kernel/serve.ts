import swagger from '@fastify/swagger'
import {
  BreakerOpenError,
  BulkheadFullError,
  DeadlineError,
  type GuardDescription,
  registry,
  renderMetrics,
  UnknownOutcomeError,
} from '@linchpin/guard'
import Fastify, { type FastifyError, LogController } from 'fastify'
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import { type Logger, pino } from 'pino'
import { collectDefaultMetrics, Gauge, Histogram, Registry as MetricsRegistry } from 'prom-client'
import { describeProblem, Problem } from './problem.ts'
import { UpstreamError } from './upstream.ts'

const BODY_BYTES_MAX = 64 * 1024
/** How long a service that ends waits for the answers that it owes. */
const DRAIN_MS = 3_000

export interface ServiceOptions {
  readonly name: string
  readonly title: string
  readonly environment: {
    readonly PORT: number
    readonly HOST: string
    readonly INSTANCE: string
    readonly LOG_LEVEL: string
  }
  /** What it cannot work without; one that throws makes it unready. */
  readonly needs: Readonly<Record<string, () => Promise<void>>>
}

export type App = ReturnType<typeof newApp>

/** A service of MRG before it listens: add routes to `app`, then `start` it. */
export interface Service {
  readonly app: App
  readonly log: Logger
  /** Shows a figure in `/metrics`, asked for at each scrape. */
  gauge(name: string, help: string, read: () => Promise<number>): void
  /** Called when the service is asked to end, in the order of the calls, before its database closes. */
  onStop(stop: () => Promise<void>): void
  start(): Promise<void>
}

/**
 * What all services have alike: `/health`, `/ready` with a line for each dependency, `/metrics`, `/guards`,
 * `/openapi.json`, problem+json for everything that goes wrong, logs without secrets, an orderly end.
 */
export async function createService(options: ServiceOptions): Promise<Service> {
  const log = pino({
    name: `${options.name}.${options.environment.INSTANCE}`,
    level: options.environment.LOG_LEVEL,
    base: null,
    redact: ['*.authorization', '*.headers.authorization', '*.token', '*.secret', '*.password'],
  })
  const app = newApp(log)
  const metrics = new MetricsRegistry()
  addErrorAnswers(app)
  addMetrics(app, metrics)
  // Before any route: it describes those that come after it.
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: options.title, version: '0.1.0' } },
    transform: jsonSchemaTransform,
  })
  addHealth(app, options)
  const stops: (() => Promise<void>)[] = []
  return {
    app,
    log,
    gauge(name, help, read) {
      new Gauge({
        name,
        help,
        registers: [metrics],
        async collect() {
          this.set(await read().catch(() => Number.NaN))
        },
      })
    },
    onStop: (stop) => void stops.push(stop),
    async start() {
      const { HOST, PORT } = options.environment
      await app.listen({ host: HOST, port: PORT })
      log.info({ port: PORT }, 'listening')
      for (const signal of ['SIGTERM', 'SIGINT'] as const)
        process.once(signal, () => void stop(app, stops, log).finally(() => process.exit(0)))
    },
  }
}

async function stop(app: App, stops: readonly (() => Promise<void>)[], log: Logger): Promise<void> {
  log.info('stopping')
  setTimeout(() => app.server.closeAllConnections(), DRAIN_MS).unref()
  await app.close().catch((error: unknown) => log.warn({ err: error }, 'could not close'))
  for (const each of stops) await each().catch((error: unknown) => log.warn({ err: error }, 'could not stop'))
}

function newApp(log: Logger) {
  return Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 128 },
  })
    .setValidatorCompiler(validatorCompiler)
    .setSerializerCompiler(serializerCompiler)
    .withTypeProvider<ZodTypeProvider>()
}

function addErrorAnswers(app: App): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = toProblem(error)
    if (problem.status >= 500) request.log.warn({ err: error, url: request.url }, problem.code)
    if (problem.retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(problem.retryAfterMs / 1000))
    return reply
      .code(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify(describeProblem(problem)))
  })
  app.setNotFoundHandler((request) => {
    throw new Problem(404, 'no-such-page', { detail: `There is no ${request.method} ${request.url.split('?')[0]}.` })
  })
}

function addMetrics(app: App, metrics: MetricsRegistry): void {
  collectDefaultMetrics({ register: metrics, eventLoopMonitoringPrecision: 500 })
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'How long answering took.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [metrics],
  })
  app.addHook('onResponse', async (request, reply) => {
    const labels = { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode }
    durations.observe(labels, reply.elapsedTime / 1000)
  })
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(metrics.contentType).send((await metrics.metrics()) + renderMetrics(registry)),
  )
}

function addHealth(app: App, options: ServiceOptions): void {
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  app.get('/health', { schema: { hide: true } }, () => ({ status: 'up', service: options.name }))
  app.get('/guards', { schema: { hide: true } }, () => registry.describe())
  app.get('/ready', { schema: { hide: true } }, async (_request, reply) => {
    const needs = await Promise.all(Object.entries(options.needs).map(checkNeed))
    const isReady = needs.every(({ status }) => status === 'up')
    const checks = [...needs, ...registry.describe().guards.map(describeDependency)]
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'unready', checks })
  })
}

async function checkNeed([dependency, check]: [string, () => Promise<void>]) {
  try {
    await check()
    return { dependency, required: true, status: 'up' as const }
  } catch (error) {
    return { dependency, required: true, status: 'down' as const, reason: error instanceof Error ? error.message : '' }
  }
}

/** A dependency is not called to see how it is: its breaker knows. It never makes this service unready. */
function describeDependency({ dependency, state }: GuardDescription) {
  const breaker = state.breaker?.state
  const status = breaker === undefined ? 'unknown' : breaker === 'open' ? 'down' : 'up'
  return { dependency: dependency.split('>')[1] ?? dependency, required: false, status, breaker }
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    const where = error.validation.map(({ instancePath, message }) => `${instancePath || '/'} ${message}`).join('; ')
    return new Problem(400, 'invalid-request', { detail: `${error.validationContext ?? 'request'}: ${where}` })
  }
  if (error instanceof BreakerOpenError)
    return new Problem(503, 'dependency-down', {
      detail: `${error.dependency} is not called at the moment.`,
      retryAfterMs: error.retryAfterMs ?? 1_000,
      cause: error,
    })
  if (error instanceof BulkheadFullError)
    return new Problem(503, 'too-busy', { detail: `${error.dependency} is busy.`, retryAfterMs: 1_000, cause: error })
  if (error instanceof DeadlineError)
    return new Problem(504, 'dependency-slow', { detail: `${error.dependency} did not answer in time.`, cause: error })
  if (error instanceof UpstreamError) return fromUpstream(error)
  if (isNoAnswer(error))
    return new Problem(502, 'dependency-failed', {
      detail: 'A service that is needed for this gave no answer.',
      cause: error,
    })
  const { statusCode, code, message } = error as Partial<FastifyError>
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new Problem(statusCode, (code ?? 'bad-request').toLowerCase().replaceAll('_', '-'), {
      detail: message ?? '',
    })
  return new Problem(500, 'internal', { detail: 'Something went wrong here.', cause: error })
}

/** What `fetch` throws when a connection is refused or breaks; and an outcome nobody knows. */
function isNoAnswer(error: unknown): boolean {
  return error instanceof UnknownOutcomeError || (error instanceof TypeError && error.message === 'fetch failed')
}

/** What a dependency says of the caller's request is passed on; what goes wrong inside it is not the caller's doing. */
function fromUpstream(error: UpstreamError): Problem {
  const { status, problem, dependency } = error
  if (status >= 400 && status < 500 && status !== 401 && status !== 429)
    return new Problem(status, problem.code ?? 'refused', { detail: problem.detail ?? error.message, cause: error })
  return new Problem(502, 'dependency-failed', { detail: `${dependency} answers ${status}.`, cause: error })
}
