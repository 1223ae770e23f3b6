import * as z from 'zod'
import { DURATION_PATTERN, parseDuration } from '../../source/index.ts'

const durationError = { error: 'must be a duration with its unit, such as "30s", "5m" or "250ms"' }
const duration = z
  .string(durationError)
  .regex(DURATION_PATTERN, durationError)
  .transform((text) => parseDuration(text) ?? 0)
  .meta({ examples: ['250ms', '30s', '5m'] })
/** Names of labs, parts, profiles, ports and faults: no dots, because variables and instances use them. */
const id = z.string().regex(/^[a-z0-9][a-z0-9_-]*$/i, { error: 'must be a name of letters, digits, "-" and "_"' })
const port = z
  .int({ error: 'must be a port number' })
  .min(1, { error: 'must be a port from 1 to 65535' })
  .max(65535, { error: 'must be a port from 1 to 65535' })
const count = z.int({ error: 'must be a whole number' }).min(1, { error: 'must be 1 or more' })
const instances = count.max(20, { error: 'must be 20 or less' })
const words = z
  .array(z.coerce.string(), { error: 'must be a list: the command and its arguments' })
  .min(1, { error: 'must name a command' })
const environment = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'must be a name of letters, digits and "_"' }),
  z.coerce.string(),
)
const pattern = z.string().refine(isPattern, { error: 'must be a regular expression' })

const ready = z
  .strictObject({
    http: z.string().optional().describe('A URL that answers with a status from 200 to 299.'),
    tcp: z.string().optional().describe('host:port that accepts connections.'),
    log: pattern.optional().describe('A regular expression that a line of its log matches.'),
    command: words.optional().describe('A command that ends with status 0.'),
    end: z.literal(true).optional().describe('It is a job: ready once it has ended with status 0.'),
    within: duration.optional().describe('How long it may take to become ready; 30s by default.'),
  })
  .refine(
    (value) => [value.http, value.tcp, value.log, value.command, value.end].filter((check) => check).length === 1,
    {
      error: 'must have exactly one of http, tcp, log, command and end',
    },
  )

const restart = z.union([
  z.enum(['always', 'on-failure', 'never']),
  z.strictObject({
    when: z.enum(['always', 'on-failure', 'never']),
    attempts: count.optional().describe('Failed starts in a row after which it is given up; 10 by default.'),
  }),
])

const call = z
  .strictObject({
    http: z.string().optional().describe('Method and URL, such as "POST http://127.0.0.1:7411/faults/hang".'),
    body: z.unknown().optional().describe('Sent as JSON.'),
    command: words.optional(),
  })
  .refine((value) => (value.http === undefined) !== (value.command === undefined), {
    error: 'must have exactly one of http and command',
  })

const fault = z.strictObject({
  title: z.string().optional(),
  settings: z
    .record(id, z.union([z.string(), z.number(), z.boolean()]).transform(String))
    .optional()
    .describe('Values that may be set when it is applied, with their defaults.'),
  apply: call,
  mend: call,
})

const figure = z
  .strictObject({
    http: z
      .string()
      .optional()
      .describe('A URL that answers JSON; a user and password in it are sent as basic authentication.'),
    redis: z.string().optional().describe('host:port of a Redis or a Sentinel, which is asked INFO.'),
    field: z.string().min(1).describe('Which field of it: "role", "members.name=a.role" of the item whose name is a.'),
  })
  .refine((value) => (value.http === undefined) !== (value.redis === undefined), {
    error: 'must have exactly one of http and redis',
  })
  .describe('Something that it says of itself.')

const file = z.union([
  z.string(),
  z.strictObject({ from: z.string().min(1).describe('A file that holds the text, seen from the folder of lab.yaml.') }),
])

const part = z.strictObject({
  title: z.string().optional(),
  kind: z.enum(['postgresql']).optional().describe('A part that linchpin knows how to run; it has no command.'),
  command: words.optional().describe('The command and its arguments; "node" is the Node.js that runs linchpin.'),
  database: id.optional().describe('postgresql only: a database to make.'),
  settings: z
    .record(z.string().regex(/^[a-z_.]+$/, { error: 'must be the name of a setting' }), z.coerce.string())
    .optional()
    .describe('postgresql only: its configuration parameters.'),
  prepare: z
    .strictObject({
      command: words,
      unless: z.string().optional().describe('A file whose presence makes it needless.'),
    })
    .optional()
    .describe('Runs to its end before each start.'),
  folder: z.string().optional().describe('Where it runs, seen from the folder of lab.yaml.'),
  user: z.string().optional().describe('The user it runs as; only root can change it.'),
  environment: environment.optional(),
  files: z.record(z.string(), file).optional().describe('Files written into its data folder before it starts.'),
  packages: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9+.-]+$/, { error: 'must be the name of a Debian package' }))
    .optional()
    .describe('Debian packages that it runs from; lab up --install installs those that are missing.'),
  figures: z
    .record(id, figure)
    .optional()
    .describe('What lab status asks it and shows, such as its role in a cluster; drills choose targets by them.'),
  pages: z
    .record(z.string().min(1), z.string())
    .optional()
    .describe('Pages of it for people, by title: the hub links to them.'),
  port: port.optional(),
  ports: z.record(id, port).optional().describe('Further ports by name. Instance 2 has each port plus 1, and so on.'),
  instances: instances.optional(),
  machine: id
    .optional()
    .describe(
      'The machine that it runs on, instance 2 on the second of that name, and so on: with an address of its own, and the fault cut. Needs root on Linux.',
    ),
  'depends-on': z.array(id).optional().describe('Parts that are ready before it starts.'),
  links: z
    .record(id, port)
    .optional()
    .describe('Parts that it calls through a proxy on this port, so that the network between them can be broken.'),
  ready: ready.optional(),
  restart: restart.optional(),
  stop: z
    .strictObject({
      signal: z.enum(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGKILL']).optional(),
      within: duration.optional(),
    })
    .optional(),
  faults: z.record(id, fault).optional().describe('What it can do badly on demand, besides kill and freeze.'),
})

/** The format of `lab.yaml`. */
export const labSchema = z
  .strictObject({
    $schema: z.string().optional(),
    lab: id.describe('The name of the lab.'),
    title: z.string().optional(),
    outside: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]*$/, { error: 'must be a name of small letters, digits and "-", such as staging' })
      .optional()
      .describe(
        'Its parts stand for what others run, in the environment of this name: they are broken only by faults that they declare, and only when this name is given with --confirm.',
      ),
    environment: environment.optional().describe('Given to every part.'),
    profiles: z
      .record(
        id,
        z
          .strictObject({
            parts: z.array(id).min(1).optional().describe('Those that run; all by default.'),
            without: z.array(id).min(1).optional().describe('Those that do not run.'),
            instances: z
              .record(id, instances)
              .optional()
              .describe('How many of each part, where not as the part says.'),
            environment: environment.optional().describe('Given to every part, and to verify.'),
          })
          .refine((value) => value.parts === undefined || value.without === undefined, {
            error: 'must have parts or without, not both',
          }),
      )
      .optional()
      .describe('Which parts run together; the first is used when none is named. Absent: all parts.'),
    parts: z.record(id, part),
    verify: z
      .strictObject({ command: words, environment: environment.optional(), within: duration.optional() })
      .optional()
      .describe('Checks that the platform lost nothing: status 0 fine, 1 violations found.'),
  })
  .meta({ title: 'Linchpin lab' })

export type LabInput = z.output<typeof labSchema>
export type PartInput = z.output<typeof part>
export type ReadyInput = z.output<typeof ready>
export type FaultInput = z.output<typeof fault>
export type CallInput = z.output<typeof call>
export type FigureInput = z.output<typeof figure>

/** JSON Schema (2020-12) of the format, for editors. */
export function writeLabSchema(): object {
  return z.toJSONSchema(labSchema, { io: 'input', unrepresentable: 'any' })
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'm')
    return true
  } catch {
    return false
  }
}
