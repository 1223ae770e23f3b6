import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Answer, LeaderRouter, type Member, NoLeaderError } from './leader-router.ts'

const [a, b, c] = ['a', 'b', 'c'].map((host): Member => ({ host, port: 1, keeper: `http://${host}` })) as [
  Member,
  Member,
  Member,
]

let router: LeaderRouter
/** What each server says of itself at the moment; a promise is an answer that takes its time. */
let says: Record<string, Answer | Promise<Answer>>
/** Whom each takes for the leader; whoever is not here knows who says so. */
let believes: Record<string, string | undefined>
let asked: string[]

beforeEach(() => {
  vi.useFakeTimers()
  says = { a: 'leads', b: 'follows', c: 'follows' }
  believes = {}
  asked = []
  router = new LeaderRouter([a, b, c], {
    async doesLead({ host }) {
      asked.push(`${host}?`)
      return says[host] ?? 'silent'
    },
    async whoLeads({ host }) {
      asked.push(`who, ${host}?`)
      if (says[host] === 'silent') throw new Error('no answer')
      const leader = host in believes ? believes[host] : Object.keys(says).find((name) => says[name] === 'leads')
      return leader && `http://${leader}`
    },
  })
})
afterEach(() => {
  router.stop()
  vi.useRealTimers()
})

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

it('asks one who leads at first, and then that one whether it does', async () => {
  await pass(0)
  expect(router.leader).toBe(a)
  expect(asked).toEqual([expect.stringMatching(/^who, [abc]\?$/), 'a?'])
})

it('asks the next one when that one does not answer', async () => {
  router.stop()
  says = { a: 'silent', b: 'silent', c: 'leads' }
  router = new LeaderRouter([a, b, c], {
    doesLead: async ({ host }) => says[host] ?? 'silent',
    whoLeads: async ({ host }) => (host === 'c' ? 'http://c' : Promise.reject(new Error('no answer'))),
  })
  await pass(1_000)
  expect(router.leader).toBe(c)
})

it('asks only the leader, and once a second, while all is well', async () => {
  await pass(1_000)
  asked = []
  await pass(5_000)
  expect(asked).toEqual(['a?', 'a?', 'a?', 'a?', 'a?'])
})

it('tells who waits once another server leads', async () => {
  await pass(0)
  const seen: Member[] = []
  router.onChange((leader) => seen.push(leader))
  says = { a: 'silent', b: 'follows', c: 'follows' }
  await pass(2_000)
  expect(router.leader).toBe(a)
  says = { a: 'silent', b: 'leads', c: 'follows' }
  await pass(500)
  expect([router.leader, seen]).toEqual([b, [b]])
})

it('in doubt asks the leader, and twice a second one of the others who leads', async () => {
  await pass(5_000)
  says = { a: 'silent', b: 'follows', c: 'follows' }
  router.doubt()
  await pass(0)
  asked = []
  await pass(2_000)
  const about = asked.filter((question) => question.startsWith('who'))
  expect(about.length).toBe(4)
  expect(new Set(about)).toEqual(new Set(['who, b?', 'who, c?']))
  expect(asked.filter((question) => !question.startsWith('who'))).toEqual(['a?', 'a?', 'a?', 'a?'])
})

it('follows nobody who does not say so itself', async () => {
  await pass(0)
  says = { a: 'silent', b: 'follows', c: 'follows' }
  believes = { b: 'c', c: 'c' }
  await pass(3_000)
  expect(router.leader).toBe(a)
  expect(asked).toContain('c?')
})

it('asks everybody when the leader is named by an address that it does not know', async () => {
  await pass(0)
  says = { a: 'silent', b: 'follows', c: 'leads' }
  believes = { b: 'elsewhere', c: 'elsewhere' }
  await pass(2_000)
  expect(router.leader).toBe(c)
})

it('has no leader once the leader says that it follows', async () => {
  await pass(100)
  says = { a: 'follows', b: 'follows', c: 'follows' }
  await pass(1_000)
  expect(router.leader).toBeUndefined()
  const waiting = router.whenKnown(1_000)
  says = { a: 'follows', b: 'leads', c: 'follows' }
  await pass(500)
  expect(await waiting).toBe(b)
})

it('says after a while that nobody leads', async () => {
  await pass(0)
  says = { a: 'follows', b: 'follows', c: 'follows' }
  await pass(1_000)
  const waiting = router.whenKnown(1_000).catch((error: unknown) => error)
  await pass(1_000)
  expect(await waiting).toBeInstanceOf(NoLeaderError)
})

it('looks at once when a connection broke', async () => {
  await pass(1_100)
  asked = []
  router.doubt()
  await pass(0)
  expect(asked).toEqual(['a?', expect.stringMatching(/^who, [bc]\?$/)])
})

it('is not led back by an answer that was asked for before another led', async () => {
  await pass(100)
  let answer: (value: Answer) => void = () => undefined
  says = { a: new Promise((resolve) => (answer = resolve)), b: 'leads', c: 'follows' }
  router.doubt()
  await pass(500)
  expect(router.leader).toBe(b)
  answer('leads')
  await pass(0)
  expect(router.leader).toBe(b)
})

it('asks no more often when its connections break again and again', async () => {
  await pass(10_000)
  asked = []
  for (let ms = 0; ms < 10_000; ms += 20) {
    router.doubt()
    await pass(20)
  }
  expect(asked.filter((question) => question === 'a?').length).toBeLessThanOrEqual(21)
  expect(asked.filter((question) => question.startsWith('who')).length).toBeLessThanOrEqual(21)
})
