import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { LinkProxy } from './link-proxy.ts'

// Real sockets on loopback. What is asserted is order and content, never how long something takes.

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

/** A server that sends back in capitals what it gets, and ends when its caller ends. */
async function createEcho(): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (data) => socket.write(data.toString('latin1').toUpperCase()))
    socket.on('end', () => socket.end('bye'))
  })
  cleanUps.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return listen(server)
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  server.close()
  await once(server, 'close')
  return port
}

async function createLink(...targetPorts: number[]): Promise<LinkProxy> {
  const port = await findFreePort()
  const proxy = new LinkProxy({ name: 'a>b', caller: 'a', target: 'b', port, targetPorts })
  await proxy.open()
  cleanUps.push(() => proxy.close())
  return proxy
}

/** A caller; `until` waits for what it has received to be this. */
function call({ plan }: LinkProxy) {
  const socket = connect({ port: plan.port, host: '127.0.0.1', allowHalfOpen: true })
  let received = ''
  socket.on('data', (data) => {
    received += data.toString('latin1')
  })
  const ended = new Promise<string>((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'))
    socket.on('end', () => resolve('end'))
    socket.on('close', () => resolve('close'))
  })
  cleanUps.push(() => socket.destroy())
  return {
    socket,
    ended,
    received: () => received,
    until: (text: string) => expect.poll(() => received, { timeout: 10_000 }).toBe(text),
  }
}

it('what is sent arrives, also after the caller has ended its side', async () => {
  const caller = call(await createLink(await createEcho()))
  caller.socket.write('hello ')
  await caller.until('HELLO ')
  caller.socket.end('you')
  expect(await caller.ended).toBe('end')
  expect(caller.received()).toBe('HELLO YOUbye')
})

it('a late answer is whole and in order, and its end comes after it', async () => {
  const link = await createLink(await createEcho())
  await link.setFaults([{ kind: 'latency', delayMs: 50, jitterMs: 40 }])
  const caller = call(link)
  const text = 'abc'.repeat(500_000)
  caller.socket.end(text)
  expect(await caller.ended).toBe('end')
  expect(caller.received() === `${text.toUpperCase()}bye`).toBe(true)
})

it('a black hole holds what is sent, on old and new connections, and lets it pass once mended', async () => {
  const link = await createLink(await createEcho())
  const old = call(link)
  old.socket.write('one ')
  await old.until('ONE ')
  await link.setFaults([{ kind: 'blackhole' }])
  const fresh = call(link)
  await once(fresh.socket, 'connect')
  old.socket.write('two')
  fresh.socket.write('three')
  // A connection that is not in the hole proves that enough time has passed for an answer.
  const witness = call(await createLink(await createEcho()))
  witness.socket.write('x')
  await witness.until('X')
  expect([old.received(), fresh.received()]).toEqual(['ONE ', ''])
  await link.setFaults([])
  await old.until('ONE TWO')
  await fresh.until('THREE')
})

it('a reset link resets what is open and what comes; a refusing one does not listen', async () => {
  const link = await createLink(await createEcho())
  const old = call(link)
  old.socket.write('one')
  await old.until('ONE')
  await link.setFaults([{ kind: 'reset' }])
  expect(await old.ended).toBe('ECONNRESET')
  expect(await call(link).ended).toBe('ECONNRESET')
  await link.setFaults([{ kind: 'refuse' }])
  expect(await call(link).ended).toBe('ECONNREFUSED')
  await link.setFaults([])
  const again = call(link)
  again.socket.write('two')
  await again.until('TWO')
})

it('instances are taken in turn, and one that is gone is passed over', async () => {
  const gone = await findFreePort()
  const link = await createLink(gone, await createEcho())
  for (const text of ['a', 'b', 'c']) {
    const caller = call(link)
    caller.socket.write(text)
    await caller.until(text.toUpperCase())
  }
  const dead = await createLink(gone)
  expect(await call(dead).ended).toBe('ECONNRESET')
})

it('one that is gone is passed over by each of many connections that come at once', async () => {
  const link = await createLink(await findFreePort(), await createEcho())
  const callers = Array.from({ length: 20 }, () => call(link))
  for (const { socket } of callers) socket.write('a')
  await Promise.all(callers.map((caller) => caller.until('A')))
})
