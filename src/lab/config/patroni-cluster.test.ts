import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { CLUSTERS } from './clusters.ts'
import { describePatroniCluster } from './patroni-cluster.ts'
import { explainWish } from './wish.ts'

const wish = { nodes: ['db-a', 'db-b', 'db-c'], scope: 'shop', ttlS: 30 }
const files = new Map(describePatroniCluster(wish).map(({ path, text }) => [path, text]))

it('every node knows itself and all of etcd, and asks the etcd beside it first', () => {
  const patroni = parse(files.get('db-b/patroni.yml') ?? '')
  expect(patroni.etcd).toEqual({ use_proxies: true, hosts: ['db-b:2379', 'db-a:2379', 'db-c:2379'] })
  expect([patroni.name, patroni.postgresql.connect_address]).toEqual(['db-b', 'db-b:5432'])
})

it('a loop and two retries fit into the lease', () => {
  const { ttl, loop_wait, retry_timeout } = parse(files.get('db-a/patroni.yml') ?? '').bootstrap.dcs
  expect(loop_wait + 2 * retry_timeout).toBeLessThanOrEqual(ttl)
})

it('every member of RabbitMQ knows all of them, and every Sentinel which Redis is the first', () => {
  const textOf = (kind: string, path: string) => CLUSTERS[kind]?.(wish).find((file) => file.path === path)?.text
  for (const node of wish.nodes) {
    expect(textOf('rabbitmq', `${node}/rabbitmq.conf`)).toMatch(/nodes\.1 = rabbit@db-a\n.*rabbit@db-b\n.*rabbit@db-c/)
    expect(textOf('redis', `${node}/sentinel.conf`)).toContain('sentinel monitor shop db-a 6379 2\n')
    expect(textOf('redis', `${node}/redis.conf`)?.includes('replicaof db-a 6379')).toBe(node !== 'db-a')
  }
})

it.each([...files])('%s holds no password', (_, text) => {
  expect(text).not.toMatch(/password:|PASSWORD=\S/)
})

it.each([
  [{ nodes: ['a', 'b'] }, '2 nodes have no majority'],
  [{ nodes: ['a', 'b', 'a'] }, 'A node is named twice.'],
  [{ nodes: ['a', 'b', '../c'] }, '"../c" is not a name or address.'],
  [{ ttlS: 5 }, 'The lease must be 20 s or more'],
])('%o is no cluster', (change, message) => {
  expect(explainWish({ ...wish, ...change })).toContain(message)
})
