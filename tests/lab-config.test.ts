import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describePatroniCluster } from '../src/lab/index.ts'

// The configuration for production, read by the programs that it is for. The nodes are addresses of this machine.

const nodes = ['127.0.0.2', '127.0.0.3', '127.0.0.4']
const programs = ['/usr/sbin/haproxy', '/usr/bin/patroni', '/usr/bin/etcd']
const lacking = programs.filter((path) => !existsSync(path))
if (lacking.length > 0)
  process.stdout.write(`Configurations are not checked: this machine lacks ${lacking.join(', ')}\n`)

describe.skipIf(lacking.length > 0)('a configuration of a cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-config-'))
  let members: Server[] = []
  beforeAll(async () => {
    for (const { path, text } of describePatroniCluster({ nodes, scope: 'linchpin-test', ttlS: 30 })) {
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
