import type { PartInput } from '../format/schema.ts'

export interface PostgresqlSetting {
  /** The folder of `initdb` and `postgres`. */
  readonly binaries: string
  /** Where databases are kept: one folder each below it. */
  readonly dataFolder: string
  /** PostgreSQL refuses to run as root: then it runs as this user. */
  readonly user: string | undefined
}

/**
 * Makes a cluster with the wanted database and moves it into place once it is whole: a set-up that was killed half way
 * leaves nothing that looks finished. The binaries come without createdb, so the server's single-user mode does it.
 */
const MAKE_CLUSTER = `set -e
rm -rf "$2/fresh"
"$1/initdb" --pgdata="$2/fresh" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-instructions
if [ "$3" != postgres ]; then
  echo "CREATE DATABASE \\"$3\\"" | "$1/postgres" --single -D "$2/fresh" postgres
fi
mv "$2/fresh" "$2/cluster"
`

/**
 * A part of kind `postgresql` as a part like any other: a server on loopback TCP alone, everybody on this machine
 * trusted. What the part says itself wins.
 */
export function describePostgresql(part: PartInput, { binaries, user }: PostgresqlSetting): PartInput {
  const settings = Object.entries({ ...QUIET, ...part.settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const { database = 'postgres' } = part
  return {
    ready: { log: 'database system is ready to accept connections', within: 60_000 },
    stop: { signal: 'SIGINT', within: 20_000 },
    restart: 'always',
    ...(user !== undefined && { user }),
    ...part,
    folder: '/',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of lab.yaml
    prepare: { command: ['sh', '-c', MAKE_CLUSTER, 'sh', binaries, '${data}', database], unless: '${data}/cluster' },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of lab.yaml
    command: [`${binaries}/postgres`, '-D', '${data}/cluster', '-h', '${host}', '-p', '${port}', '-k', '', ...settings],
  }
}

/** A lab is small, and its log is for people. */
const QUIET = { shared_buffers: '64MB', log_checkpoints: 'off' }
