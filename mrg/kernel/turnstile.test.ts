import { expect, it } from 'vitest'
import { Turnstile } from './turnstile.ts'

it('lets so many in at a time, and the next when one has left, however it left', async () => {
  const turnstile = new Turnstile(2)
  const entered: number[] = []
  const leave: ((how: 'done' | 'failed') => void)[] = []
  const work = (n: number) => () => {
    entered.push(n)
    return new Promise<number>((resolve, reject) => {
      leave[n] = (how) => (how === 'done' ? resolve(n) : reject(new Error(how)))
    })
  }
  const all = [0, 1, 2, 3].map((n) => turnstile.pass(work(n)).catch(() => -1))
  expect(entered).toEqual([0, 1])
  leave[1]?.('failed')
  await all[1]
  expect(entered).toEqual([0, 1, 2])
  leave[2]?.('done')
  await all[2]
  expect(entered).toEqual([0, 1, 2, 3])
  leave[0]?.('done')
  leave[3]?.('done')
  expect(await Promise.all(all)).toEqual([0, -1, 2, 3])
})
