import { execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CLUSTERS } from '../src/lab/index.ts'

// The configuration for production, read by the programs that it is for. The nodes are addresses of this machine.

const nodes = ['127.0.0.2', '127.0.0.3', '127.0.0.4']
const describeCluster = (kind: string) => CLUSTERS[kind]?.({ nodes, scope: 'linchpin-test', ttlS: 30 }) ?? []
const programs = ['/usr/sbin/haproxy', '/usr/bin/patroni', '/usr/bin/etcd']
const lacking = programs.filter((path) => !existsSync(path))
if (lacking.length > 0)
  process.stdout.write(`Configurations are not checked: this machine lacks ${lacking.join(', ')}\n`)

describe.skipIf(lacking.length > 0)('a configuration of a cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-config-'))
  let members: Server[] = []
  beforeAll(async () => {
    for (const { path, text } of describeCluster('patroni')) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    // Patroni looks whether something listens where etcd should.
    members = nodes.map((host) => createServer().listen(2379, host))
    await Promise.all(members.map((server) => new Promise((resolve) => server.once('listening', resolve))))
  })
  afterAll(() => {
    for (const server of members) server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('is one that HAProxy can run', () => {
    const { status, stderr } = spawnSync('/usr/sbin/haproxy', ['-c', '-f', join(folder, 'haproxy.cfg')], {
      encoding: 'utf8',
    })
    expect([status, stderr]).toEqual([0, ''])
  })

  it.each(nodes)('is one that Patroni can run on %s', (node) => {
    const text = execFileSync('/usr/bin/patroni', ['--validate-config', join(folder, node, 'patroni.yml')], {
      encoding: 'utf8',
      env: { ...process.env, PATRONI_REPLICATION_PASSWORD: 'x', PATRONI_SUPERUSER_PASSWORD: 'x' },
    })
    expect(text).toBe('')
  })
})

/** Starts a program that has no way to only check its configuration, until it says `word`; what it said. */
async function startUntil(word: string, command: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let said = ''
  await new Promise<void>((resolve) => {
    const hear = (data: Buffer) => {
      said += data.toString('utf8')
      if (said.includes(word)) resolve()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('close', () => resolve())
  })
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
  return said
}

const each: readonly [string, string, (folder: string) => Promise<void>][] = [
  [
    'Redis',
    '/usr/bin/redis-server',
    async (folder) => {
      const said = await startUntil('Ready to accept connections', [
        'redis-server',
        join(folder, '127.0.0.2/redis.conf'),
        '--dir',
        folder,
      ])
      expect(said).toContain('Ready to accept connections')
    },
  ],
  [
    'Sentinel',
    '/usr/bin/redis-sentinel',
    async (folder) => {
      const said = await startUntil('+monitor master', [
        'redis-sentinel',
        join(folder, '127.0.0.2/sentinel.conf'),
        '--dir',
        folder,
      ])
      expect(said).toContain('+monitor master linchpin-test 127.0.0.2 6379 quorum 2')
    },
  ],
  [
    'PgBouncer',
    '/usr/sbin/pgbouncer',
    async (folder) => {
      const file = join(folder, 'pgbouncer.ini')
      writeFileSync(file, readFileSync(file, 'utf8').replace('6432', '16432'))
      const said = await startUntil('process up', ['pgbouncer', '-u', 'postgres', file])
      expect(said).toContain('process up')
      expect(said).not.toMatch(/unknown|syntax/i)
    },
  ],
  [
    'pgBackRest',
    '/usr/bin/pgbackrest',
    async (folder) => {
      const args = ['--config', join(folder, '127.0.0.2/pgbackrest.conf'), '--stanza', 'linchpin-test', 'info']
      const { stdout, stderr } = spawnSync('pgbackrest', args, { encoding: 'utf8' })
      expect(stdout + stderr).toContain('stanza: linchpin-test')
      expect(stdout + stderr).not.toMatch(/WARN|invalid/)
    },
  ],
  [
    'the archive command',
    '/bin/sh',
    async (folder) => {
      const text = readFileSync(join(folder, '127.0.0.2/archive.sh'), 'utf8')
      writeFileSync(join(folder, 'archive.sh'), text.replace(/^aside=.*/m, 'aside=aside'))
      writeFileSync(join(folder, 'pgbackrest'), '#!/bin/sh\nexit $REFUSES', { mode: 0o755 })
      mkdirSync(join(folder, 'pg_wal'))
      for (const file of ['00000002.history', ...['1', '2'].map((timeline) => `0000000${timeline}0000000000000007`)])
        writeFileSync(join(folder, 'pg_wal', file), '')
      const archive = (timeline: string, REFUSES: string) =>
        spawnSync('sh', ['archive.sh', `pg_wal/0000000${timeline}0000000000000007`], {
          cwd: folder,
          env: { PATH: `${folder}:${process.env.PATH}`, REFUSES },
        }).status
      expect(archive('2', '0')).toBe(0)
      expect([archive('1', '82'), archive('2', '45')]).toEqual([82, 45])
      expect(archive('1', '45')).toBe(0)
      expect(readdirSync(join(folder, 'aside'))).toEqual(['000000010000000000000007'])
    },
  ],
  [
    'RabbitMQ',
    '/usr/lib/rabbitmq/bin/rabbitmq-server',
    async (folder) => {
      const file = join(folder, '127.0.0.2/rabbitmq.conf')
      // It reads its configuration before it looks for the others.
      const said = await startUntil('config file(s)', ['/usr/lib/rabbitmq/bin/rabbitmq-server'], {
        HOME: folder,
        RABBITMQ_CONF_ENV_FILE: join(folder, '127.0.0.2/rabbitmq-env.conf'),
        RABBITMQ_CONFIG_FILE: file,
        RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, '127.0.0.2/enabled_plugins'),
        RABBITMQ_MNESIA_BASE: folder,
        RABBITMQ_LOGS: '-',
        ERL_EPMD_PORT: '16489',
      })
      spawnSync('epmd', ['-port', '16489', '-kill'])
      expect(said).toContain('config file(s)')
      expect(said).toContain(file)
    },
  ],
]

describe.each(each)('a configuration of %s', (_name, program, check) => {
  it.skipIf(!existsSync(program))('is one that it starts with', { timeout: 240_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'linchpin-config-'))
    chmodSync(folder, 0o755)
    for (const { path, text } of Object.keys(CLUSTERS).flatMap(describeCluster)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    try {
      await check(folder)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

it("keeps WAL of an ended timeline aside as MRG's lab does, where drills try it", () => {
  const production = describeCluster('patroni').find(({ path }) => path.endsWith('archive.sh'))?.text ?? ''
  const lab = readFileSync(new URL('../mrg/ha/archive.sh', import.meta.url), 'utf8')
  // What differs is where the configuration is, and how arguments and the folder are named.
  const decisionsOf = (script: string) => {
    const lines = script.replaceAll('"$1"', '"$file"').split('\n')
    return lines.filter((line) => /^(code|\[|timeline|newest|expr)/.test(line))
  }
  expect(decisionsOf(production)).toHaveLength(5)
  expect(decisionsOf(production)).toEqual(decisionsOf(lab))
})
