import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import type { Operation } from '../format/operation.ts'
import { createRunner } from './create-runner.ts'

// Real processes and sockets: what a fake could not show.

const shell = (script: string): Operation => ({ kind: 'shell', script, environment: {} })
const run = (operation: Operation, timeoutMs = 20_000, signal = new AbortController().signal) =>
  createRunner().run(operation, { timeoutMs, signal, environment: { GIVEN: 'yes' }, folder: '/' })

describe('a command', () => {
  it('has PATH, what it is given, and nothing else of our environment', async () => {
    const { output } = await run(shell('env'))
    const names = output
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0])
    // The shell itself adds the rest.
    expect(names.filter((name) => !['PWD', 'SHLVL', '_', 'OLDPWD'].includes(name ?? '')).sort()).toEqual([
      'GIVEN',
      'PATH',
    ])
  })

  it('without a shell, is its words and nothing more', async () => {
    const { output } = await run({ kind: 'command', words: ['printf', '%s\\n', '$HOME; echo x', '*'] })
    expect(output).toBe('$HOME; echo x\n*\n')
  })

  it('fails at the first command that does, also in a pipe', async () => {
    expect(await run(shell('false | true\necho reached'))).toMatchObject({ status: 1, output: '' })
  })

  it('that takes too long is ended with all that it started', async () => {
    const { output, failure } = await run(shell('sleep 300 & echo $!; sleep 300'), 1_000)
    expect(failure).toBe('it took longer than 1 s and was ended')
    await ended(Number(output))
  })

  it('that leaves something in its group behind does not leave it running', async () => {
    const { output, failure } = await run(shell('sleep 300 & echo $!'))
    expect(failure).toBeUndefined()
    await ended(Number(output))
  })

  it('is ended when the run is stopped', async () => {
    const controller = new AbortController()
    const ended = run(shell('sleep 300'), 60_000, controller.signal)
    controller.abort()
    expect((await ended).failure).toBe('it was stopped')
  })

  it('may write megabytes and what is no text: a bounded part is read', async () => {
    const { output, status } = await run(shell('head -c 20000000 /dev/zero; head -c 100 /dev/urandom >&2'))
    expect([status, output.length]).toEqual([0, 1024 * 1024])
  })

  it('that does not exist says so', async () => {
    expect((await run({ kind: 'command', words: ['no-such-program'] })).failure).toContain(
      '"no-such-program" is no program',
    )
    expect(createRunner().lacks(['bash', 'no-such-program'])).toEqual(['no-such-program'])
  })
})

describe('a request', () => {
  it('gives status and body, and says why there is no answer', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/hang') return
      response.writeHead(503)
      response.end('not now')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const get = (path: string, timeoutMs?: number) =>
      run(
        { kind: 'http', method: 'GET', url: `http://127.0.0.1:${port}${path}`, headers: {}, body: undefined },
        timeoutMs,
      )
    expect(await get('/')).toMatchObject({ status: 503, output: 'not now', failure: undefined })
    expect((await get('/hang', 100)).failure).toBe('no answer within 0.1 s')
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    expect((await get('/')).failure).toMatch(/^no answer: .*ECONNREFUSED/)
  })

  it('to Prometheus gives its series as JSON', async () => {
    const server = createServer((_, response) =>
      response.end(
        '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"b"},"value":[1,"2"]}]}}',
      ),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const to = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    expect((await run({ kind: 'promql', to, query: 'up' })).output).toBe('[{"metric":{"a":"b"},"value":"2"}]')
    server.closeAllConnections()
    server.close()
  })
})

it('a query of a database that is not there says so', async () => {
  const to = 'postgres://nobody@127.0.0.1:1/none'
  const { failure } = await run({ kind: 'sql', to, query: 'select 1', values: [], isReadOnly: true })
  expect(failure).toMatch(/^the database says: .*ECONNREFUSED/)
})

/** Whoever was sent the signal ends in the kernel's own time. */
async function ended(pid: number): Promise<void> {
  await vi.waitFor(() => expect(isLiving(pid)).toBe(false), { timeout: 5_000 })
}

function isLiving(pid: number): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !'ZX'.includes(text.slice(text.lastIndexOf(')') + 2)[0] ?? '')
  } catch {
    return false
  }
}
