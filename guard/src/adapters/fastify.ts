import { metricsContentType, registry as processRegistry, type Registry, renderMetrics } from '../index.ts'

/** The part of a Fastify instance that is used; any version fits. */
export interface FastifyLike {
  get(path: string, handler: (request: unknown, reply: ReplyLike) => unknown): unknown
}

interface ReplyLike {
  type(contentType: string): { send(payload: unknown): unknown }
}

export interface GuardsPluginOptions {
  /** Default: the registry of the process. */
  readonly registry?: Registry
}

/** Serves what the guards hold: `GET /guards` as JSON and `GET /metrics` as Prometheus text. */
export async function guardsPlugin(fastify: FastifyLike, options: GuardsPluginOptions = {}): Promise<void> {
  const registry = options.registry ?? processRegistry
  fastify.get('/guards', (_request, reply) => reply.type('application/json; charset=utf-8').send(registry.describe()))
  fastify.get('/metrics', (_request, reply) => reply.type(metricsContentType).send(renderMetrics(registry)))
}
