import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openClient } from './connect.ts'

// Two servers of a database that take connections and never answer, as frozen ones do, and the keeper of each.

let leader: 'a' | 'b' | undefined
let servers: Server[]
let url: string

beforeEach(async () => {
  leader = 'a'
  const silent = [createServer(), createServer()]
  const keepers = (['a', 'b'] as const).map((name) =>
    createHttpServer((request, reply) => {
      const leads = leader === name ? 200 : 503
      if (request.url !== '/cluster') return void reply.writeHead(leads).end()
      const members = (['a', 'b'] as const).map((member, i) => ({
        role: member === leader ? 'leader' : 'replica',
        api_url: `http://127.0.0.1:${portOf(keepers[i])}/patroni`,
      }))
      reply.end(JSON.stringify({ members }))
    }),
  )
  servers = [...silent, ...keepers]
  for (const server of servers) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const listOf = (some: readonly Server[]) => some.map((server) => `127.0.0.1:${portOf(server)}`).join()
  url = `postgres://mrg:x@${listOf(silent)}/mrg?leader=${listOf(keepers)}`
})
afterEach(async () => {
  for (const server of servers) server.close()
})

function portOf(server: Server | undefined): number {
  const address = server?.address() as AddressInfo | undefined
  return address?.port ?? 0
}

it('a connection to a server that hangs ends once another one leads, with the code of a broken connection', async () => {
  const connecting = openClient(url).connect()
  await new Promise((resolve) => servers[0]?.once('connection', resolve))
  leader = 'b'
  await expect(connecting).rejects.toMatchObject({
    code: 'ECONNRESET',
    message: expect.stringContaining('Another server'),
  })
})

it('where nobody leads, there is no connection, with the code of one that was refused', async () => {
  leader = undefined
  await expect(openClient(url).connect()).rejects.toMatchObject({ code: 'ECONNREFUSED', name: 'NoLeaderError' })
})
