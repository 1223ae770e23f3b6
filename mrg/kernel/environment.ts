import * as z from 'zod'
import { readDatabaseUrl } from './database-url.ts'

const port = z.coerce.number().int().min(1).max(65_535)

/** What every process is told by its environment, besides what its own schema asks for. */
const base = z.object({
  PORT: port,
  HOST: z.string().default('127.0.0.1'),
  INSTANCE: z.string().default('1'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
})
export type BaseEnvironment = z.infer<typeof base>

/** Reads the environment once, at the start; what is missing or wrong ends the process with one line each. */
export function readEnvironment<Shape extends z.ZodRawShape>(shape: Shape) {
  const schema = base.extend(shape)
  const { success, data, error } = schema.safeParse(process.env)
  if (success) return data
  // Only names: a value may be a secret.
  for (const { path, message } of error.issues)
    process.stderr.write(`environment: ${path.join('.')}: ${message}. Set it before starting this service.\n`)
  process.exit(2)
}

export const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/$/, ''))
export const databaseUrl = z.string().refine((text) => readDatabaseUrl(text) !== undefined, {
  error: 'must be postgres://user@host/database, or several servers with leader: see mrg/kernel/database-url.ts',
})
export const secret = z.string().min(8)
