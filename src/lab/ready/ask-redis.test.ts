import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { askRedis, readInfo } from './ask-redis.ts'

const SENTINEL = '# Sentinel\r\nsentinel_masters:1\r\nmaster0:name=shop,status=ok,address=127.0.0.1:7480,slaves=1\r\n'

describe('what Redis says of itself', () => {
  it('is read line by line, and a list of fields as fields', () => {
    expect(readInfo(SENTINEL)).toEqual({
      sentinel_masters: '1',
      master0: { name: 'shop', status: 'ok', address: '127.0.0.1:7480', slaves: '1' },
    })
  })

  it.each([
    ['in one piece', [`$${SENTINEL.length}\r\n${SENTINEL}\r\n`], '1'],
    ['in two pieces', [`$${SENTINEL.length}\r\n`, `${SENTINEL}\r\n`], '1'],
    ['as an error', ['-NOAUTH Authentication required.\r\n'], undefined],
  ])('comes %s', async (_how, pieces, expected) => {
    const server = createServer((socket) => {
      for (const piece of pieces) socket.write(piece)
      socket.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const info = await askRedis(`redis://127.0.0.1:${port}`, 5_000)
    server.close()
    expect(info?.sentinel_masters).toBe(expected)
  })
})
