import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, isListening, isLiving, type LabWorld, until } from './lab-world.ts'

// A real PostgreSQL as a part: set up, frozen, crashed, taken over, stopped.

let world: LabWorld
beforeAll(async () => {
  world = await createWorld(
    'lab: db\nparts:\n  db: { kind: postgresql, port: 7600, database: shop, settings: { max_connections: 20 } }\n',
  )
})
afterAll(async () => {
  await world.dispose()
})

/** Greets the server as a client of the database does. */
function greet(database: string, withinMs = 5_000): Promise<'welcome' | 'refused' | 'silence'> {
  const body = Buffer.from(`\0\x03\0\0user\0postgres\0database\0${database}\0\0`, 'latin1')
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length + 4)
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(7600 + world.portBase, '127.0.0.1')
    const timer = setTimeout(() => socket.destroy(), withinMs)
    socket.on('connect', () => socket.write(Buffer.concat([length, body])))
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      answer += data.toString('latin1')
      // The server is ready for a query.
      if (answer.endsWith('Z\0\0\0\x05I')) socket.destroy()
    })
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(answer === '' ? 'silence' : answer.endsWith('I') ? 'welcome' : 'refused')
    })
  })
}

describe('a part of kind postgresql', () => {
  it('comes up with the database it declares', async () => {
    await world.up()
    expect([await greet('shop'), await greet('nothing')]).toEqual(['welcome', 'refused'])
  })

  it('frozen accepts and never answers, mended answers again', async () => {
    await world.breakPart('db', 'freeze')
    expect((await world.status()).parts[0]?.state).toBe('frozen')
    expect(await greet('shop', 300)).toBe('silence')
    await world.mendPart('db')
    await until('it answers', async () => (await greet('shop')) === 'welcome')
  })

  it('recovers from a crash', async () => {
    await world.breakPart('db', 'kill')
    expect(await greet('shop')).toBe('silence')
    await world.mendPart('db')
    expect(await greet('shop')).toBe('welcome')
  })

  it('is taken over from a dead supervisor, and leaves no process and no port', async () => {
    const pid = (await world.status()).parts[0]?.pid ?? 0
    const supervisor = JSON.parse(readFileSync(join(world.folder, '.linchpin/labs/db/supervisor.json'), 'utf8')).pid
    process.kill(supervisor, 'SIGKILL')
    expect(await world.up()).toMatchObject({ kept: ['db'], started: [] })
    expect((await world.status()).parts[0]?.pid).toBe(pid)
    expect(await world.down()).toEqual(['db'])
    expect([isLiving(pid), await isListening(7600 + world.portBase)]).toEqual([false, false])
  })
})
