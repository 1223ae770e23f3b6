import { beforeEach, expect, it } from 'vitest'
import { NearReads } from './near-reads.ts'
import { Problem } from './problem.ts'

let now: number
let isFresh: () => Promise<boolean>
let reads: NearReads<'leader' | 'standby'>
let asked: number

beforeEach(() => {
  now = 1_000
  asked = 0
  isFresh = async () => true
  const source = {
    leader: 'leader',
    standby: 'standby',
    isFresh: () => {
      asked++
      return isFresh()
    },
  } as const
  reads = new NearReads<'leader' | 'standby'>(source, () => now)
})

const where = () => reads.read(async (connection) => connection)
const failsOnStandby = (error: Error) =>
  reads.read(async (connection) => {
    if (connection === 'standby') throw error
    return connection
  })

it('reads of the standby, and asks how old it is at most twice a second', async () => {
  expect([await where(), await where()]).toEqual(['standby', 'standby'])
  expect(asked).toBe(1)
  now += 500
  await where()
  expect(asked).toBe(2)
})

it.each([
  ['old', async () => false],
  ['silent', async () => Promise.reject(new Error('no answer'))],
])('reads of the leader for five seconds once the standby is %s', async (_, answer) => {
  isFresh = answer
  expect(await where()).toBe('leader')
  isFresh = async () => true
  now += 4_999
  expect(await where()).toBe('leader')
  now += 1
  expect(await where()).toBe('standby')
})

it('reads again of the leader what the standby could not answer, and leaves it alone', async () => {
  expect(await failsOnStandby(new Error('broken'))).toBe('leader')
  expect(await where()).toBe('leader')
})

it('does not leave it alone because a caller asked for what it has not heard of', async () => {
  expect(await failsOnStandby(new Problem(400, 'unknown-page', { detail: 'never heard of' }))).toBe('leader')
  expect(await where()).toBe('standby')
})
