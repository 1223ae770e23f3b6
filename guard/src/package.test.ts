import { readdirSync, readFileSync } from 'node:fs'
import { publint } from 'publint'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PackedGuard, packGuard } from './testing/packed-guard.ts'

let packed: PackedGuard

beforeAll(() => {
  packed = packGuard()
}, 120_000)

afterAll(() => packed?.remove())

test('the package passes publint without a message', async () => {
  const { messages } = await publint({ pkgDir: packed.folder, strict: true, pack: false })
  expect(messages).toEqual([])
})

test('the package holds its sources and what is built from them, and no tests', () => {
  const files = readdirSync(packed.folder, { recursive: true, encoding: 'utf8' })
  expect(files).toContain('dist/index.js')
  expect(files).toContain('dist/index.d.ts')
  expect(files).toContain('README.md')
  expect(files.filter((file) => /test|tsbuildinfo/.test(file))).toEqual([])
})

test('the installed package runs in plain Node, every entry point of it', () => {
  const result = packed.run(`
    import { guard, registry, UnknownOutcomeError } from '@linchpin/guard'
    import { guardedFetch } from '@linchpin/guard/adapters/fetch'
    import { guardedPool } from '@linchpin/guard/adapters/pg'
    import { guardedRedis } from '@linchpin/guard/adapters/redis'
    import { guardedPublish } from '@linchpin/guard/adapters/amqp'
    import { guardsPlugin } from '@linchpin/guard/adapters/fastify'
    const bbd = guard('tpg>bbd', {
      deadline: '20ms',
      fallback: (error) => (error instanceof UnknownOutcomeError ? 'look up' : 'queue'),
    })
    const functions = [guardedFetch, guardedPool, guardedRedis, guardedPublish, guardsPlugin].map((each) => typeof each)
    console.log(await bbd.run(() => 'sent'), await bbd.run(() => new Promise(() => {})), new Set(functions).size)
    console.log(registry.describe().guards[0].counters.unknownOutcomes)
  `)
  expect(result).toMatchObject({ stdout: 'sent look up 1\n1\n', stderr: '', status: 0 })
})

test('no timer keeps the process alive once the calls have ended', () => {
  const result = packed.run(`
    import { registry } from '@linchpin/guard'
    for (let index = 0; index < 5000; index++) {
      await registry.guard('guard ' + index, { deadline: '1h', overall: '1h', breaker: { openFor: '1h' } }).run(() => 1)
    }
    process.on('exit', () => console.log('exit'))
  `)
  expect(result).toMatchObject({ stdout: 'exit\n', stderr: '', status: 0 })
})

test('a thousand concurrent calls on one signal raise no warning of a listener leak', () => {
  const result = packed.run(`
    import { guard } from '@linchpin/guard'
    const { signal } = new AbortController()
    const busy = guard('a>b', { deadline: '10s', breaker: {}, bulkhead: { concurrent: 1000 } })
    const work = (call) => new Promise((resolve) => {
      call.signal.addEventListener('abort', resolve)
      setImmediate(resolve, 1)
    })
    const results = await Promise.all(Array.from({ length: 1000 }, () => busy.run(work, { signal })))
    console.log(results.length)
  `)
  expect(result).toMatchObject({ stdout: '1000\n', stderr: '', status: 0 })
})

test('the five minutes of the README run as written and print what it says', () => {
  const [example] = codeBlocks('../README.md', 'js')
  const [printed] = codeBlocks('../README.md', 'text')
  expect(packed.run(example as string)).toMatchObject({ stdout: printed, stderr: '', status: 0 })
})

test('the code of the guide for Node runs', () => {
  const surroundings = `
    const loadProfile = async (id) => ({ id })
    const lookUpCharge = async (order) => 'looked up ' + order
    const charge = async (gateway, order) => { if (gateway === 'midtrans') throw new Error('503'); return gateway + ' ' + order }
    const mapsUrl = 'data:application/json,{"minutes":12}#'
    const paths = []
    const app = { register: (plugin) => plugin({ get: (path) => paths.push(path) }) }
  `
  const use = `
    console.log((await profile(7)).id, await pay('order 1'), (await route('a', 'b')).minutes, paths.join(' '))
  `
  const result = packed.run([surroundings, ...codeBlocks('../../docs/guide/guard-node.md', 'js'), use].join('\n'))
  expect(result).toMatchObject({ stdout: '7 xendit order 1 12 /guards /metrics\n', stderr: '', status: 0 })
})

function codeBlocks(path: string, language: string): string[] {
  const text = readFileSync(new URL(path, import.meta.url), 'utf8')
  const blocks = text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))
  return [...blocks].map(([, code]) => code as string)
}
