import { existsSync, writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { writeSystemYaml } from '../model/index.ts'
import { UsageError } from './exit.ts'
import { readSystem } from './read-system.ts'

const FIRST_MODEL = `# The platform, as its users and its callers see it. Correct this example until it is yours, then run: linchpin assess
# All keys, with what they mean: linchpin schema, and docs/reference/system-format.md.
system: my-platform

# What users want, from start to end. The shares of business volume sum to 1.
flows:
  buy:
    title: Buy something
    share: 0.8
    entry: web                                          # the component where users come in
    objective: { rto: 5m, availability: 0.999 }         # an interruption may last 5 minutes; 0.1 % of time is the error budget
  look-around: { title: Look around, share: 0.2, entry: web }

components:
  web:
    kind: gateway            # gateway service database cache queue external job credential config host zone network
    tier: P0
    instances: 2             # one of them is enough; say needs: 2 if not
    rollout: rolling         # without it, one bad deployment takes all instances
    health: { ready: /ready }
    runbook: "[[RUNBOOK-Web-Down]]"
    depends-on:
      shop: { strength: hard, for: [buy], guard: { deadline: 8s, breaker: true } }   # longer than the calls below it
      stars: { strength: soft, guard: { deadline: 500ms, breaker: true } }   # soft: the page goes without

  shop:
    kind: service
    tier: P1
    depends-on:
      database: { strength: hard }
      bank:                                             # hard, but orders can be taken and charged later
        strength: hard
        guard: { deadline: 5s, breaker: true, bulkhead: 20 }
        fallback: { name: charge-later, needs: [database], lasts: 4h }

  stars: { kind: service }
  database:
    kind: database
    instances: 2
    failover: { mode: manual, loses: 1m }               # automatic: say how long it takes, and its quorum
  bank: { kind: external }

# The roadmap: what is planned, and what it would change. Try one: linchpin what-if --apply automatic-failover
mitigations:
  automatic-failover:
    title: Automatic failover of the database
    priority: P0
    effort: 5d
    state: planned                                      # in-place once it runs; it counts as proved after a drill
    claims: ["failover:database", "rpo:database"]
    changes:
      database: { failover: { mode: automatic, takes: 30s, loses: 0s } }
`

const IMPORTED_HEADING = [
  'Read from the files of a platform. What they do not say is unknown and assessed as hard: give each dependency its',
  'strength (hard, soft, async), its guard and its fallback, and each flow its share and objective.',
]

/** `linchpin init`: a first model to go on from. */
export function addInit(program: Command): void {
  program
    .command('init')
    .description('write a first system file: a commented example, or what your compose files or manifests say')
    .argument('[file]', 'where to write it', 'system.yaml')
    .option('--from <paths...>', 'compose files or Kubernetes manifests to start from')
    .option('--entry <names...>', 'components where users come in, when the files do not say')
    .action((file: string, options: { from?: string[]; entry?: string[] }) => {
      if (existsSync(file)) throw new UsageError(`${file} exists already and is left as it is. Name another file.`)
      const text = options.from ? writeImported(options.from, options.entry ?? []) : FIRST_MODEL
      writeNew(file, text)
      process.stdout.write(`Wrote ${file}. Next: npx linchpin assess ${file}\n`)
    })
}

function writeImported(from: readonly string[], entries: readonly string[]): string {
  return writeSystemYaml(readSystem(from, entries).model.document, IMPORTED_HEADING)
}

/** Never overwrites, even when the file appears in between. */
function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' })
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}.`)
  }
}
