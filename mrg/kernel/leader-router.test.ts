import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Answer, LeaderRouter, type Member, NoLeaderError } from './leader-router.ts'

const [a, b] = ['a', 'b'].map((host): Member => ({ host, port: 1, health: `http://${host}/primary` })) as [
  Member,
  Member,
]

let router: LeaderRouter
/** What each server says of itself at the moment; a promise is an answer that takes its time. */
let says: Record<string, Answer | Promise<Answer>>
let asked: string[]

beforeEach(() => {
  vi.useFakeTimers()
  says = { a: 'leads', b: 'follows' }
  asked = []
  router = new LeaderRouter([a, b], async ({ host }) => {
    asked.push(host)
    return says[host] ?? 'silent'
  })
})
afterEach(() => {
  router.stop()
  vi.useRealTimers()
})

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

it('asks everybody at first, and knows who leads', async () => {
  await pass(0)
  expect([router.leader, asked]).toEqual([a, ['a', 'b']])
})

it('asks only the leader while all is well', async () => {
  await pass(100)
  asked = []
  await pass(5_000)
  expect(new Set(asked)).toEqual(new Set(['a']))
})

it('tells who waits once another server leads', async () => {
  await pass(0)
  const seen: Member[] = []
  router.onChange((leader) => seen.push(leader))
  says = { a: 'silent', b: 'follows' }
  await pass(2_000)
  expect(router.leader).toBe(a)
  says = { a: 'silent', b: 'leads' }
  await pass(1_000)
  expect([router.leader, seen]).toEqual([b, [b]])
})

it('has no leader once the leader says that it follows', async () => {
  await pass(100)
  says = { a: 'follows', b: 'follows' }
  await pass(1_000)
  expect(router.leader).toBeUndefined()
  const waiting = router.whenKnown(1_000)
  says = { a: 'follows', b: 'leads' }
  await pass(100)
  expect(await waiting).toBe(b)
})

it('says after a while that nobody leads', async () => {
  await pass(0)
  says = { a: 'follows', b: 'follows' }
  await pass(1_000)
  const waiting = router.whenKnown(1_000).catch((error: unknown) => error)
  await pass(1_000)
  expect(await waiting).toBeInstanceOf(NoLeaderError)
})

it('looks at once when a connection broke', async () => {
  await pass(200)
  asked = []
  router.doubt()
  await pass(0)
  expect(asked).toEqual(['a', 'b'])
})

it('is not led back by an answer that was asked for before another led', async () => {
  await pass(100)
  let answer: (value: Answer) => void = () => undefined
  says = { a: new Promise((resolve) => (answer = resolve)), b: 'leads' }
  router.doubt()
  await pass(200)
  expect(router.leader).toBe(b)
  answer('leads')
  await pass(0)
  expect(router.leader).toBe(b)
})

it('asks a leader that says yes while its connections break ever less often', async () => {
  await pass(10_000)
  asked = []
  for (let ms = 0; ms < 10_000; ms += 20) {
    router.doubt()
    await pass(20)
  }
  // Ten looks in the first second, one a second in the nine after it, of both.
  expect(asked.length).toBeLessThanOrEqual(2 * (10 + 9 + 2))
  expect(asked.length).toBeGreaterThanOrEqual(2 * 15)
})

it('asks often again in a doubt that comes after a calm', async () => {
  for (let ms = 0; ms < 10_000; ms += 20) {
    router.doubt()
    await pass(20)
  }
  await pass(10_000)
  asked = []
  says = { a: 'silent', b: 'follows' }
  router.doubt()
  await pass(900)
  expect(asked.filter((host) => host === 'b').length).toBeGreaterThanOrEqual(8)
})
