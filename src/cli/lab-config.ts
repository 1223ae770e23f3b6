import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { CLUSTERS, type ClusterWish, type ConfigFile, explainWish } from '../lab/index.ts'
import { parseDuration } from '../source/index.ts'
import { UsageError } from './exit.ts'

interface ConfigOptions {
  readonly nodes: string
  readonly out: string
  readonly scope: string
  readonly ttl: string
}

/** `linchpin lab config patroni`: what a lab runs, as files for machines of its own. */
export function addLabConfig(lab: Command): void {
  lab
    .command('config')
    .description('write the configuration of a cluster for machines of its own')
    .argument(
      '<kind>',
      'patroni: PostgreSQL with etcd, pgBackRest, HAProxy, PgBouncer and systemd units; redis: with Sentinels; rabbitmq',
    )
    .requiredOption('--nodes <names>', 'names or addresses of the nodes, such as db-a,db-b,db-c')
    .requiredOption('--out <folder>', 'where the files go; what is there already is left alone')
    .option('--scope <name>', 'the name of the cluster, and of its database', 'main')
    .option('--ttl <duration>', 'patroni: the lease of the leader, most of what a failover takes', '30s')
    .action((kind: string, options: ConfigOptions) => {
      const describe = Object.hasOwn(CLUSTERS, kind) ? CLUSTERS[kind] : undefined
      const known = Object.keys(CLUSTERS).join(', ')
      if (!describe) throw new UsageError(`There is no configuration of "${kind}". There is one of ${known}.`)
      writeFiles(describe, options)
    })
}

function writeFiles(describe: (wish: ClusterWish) => ConfigFile[], options: ConfigOptions): void {
  const { nodes, out, scope, ttl } = options
  const ttlMs = parseDuration(ttl)
  if (ttlMs === undefined) throw new UsageError(`--ttl ${ttl} is not a duration. Write it as 30s.`)
  const wish = { nodes: nodes.split(',').map((name) => name.trim()), scope, ttlS: ttlMs / 1_000 }
  const mistake = explainWish(wish)
  if (mistake !== undefined) throw new UsageError(mistake)
  const files = describe(wish).map(({ path, text }) => ({ path: join(out, path), text }))
  const other = files.filter(({ path, text }) => existsSync(path) && readFileSync(path, 'utf8') !== text)
  if (other.length > 0)
    throw new UsageError(
      ...other.map(
        ({ path }) => `${path} is there already and says something else. Move it away, or choose another --out.`,
      ),
    )
  for (const { path, text } of files) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    process.stdout.write(`${path}\n`)
  }
}
