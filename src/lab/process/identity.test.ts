import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { identify, isAlive, parseStat } from './identity.ts'
import { freezeTree, signalTree, stopTree } from './signal.ts'

describe('the identity of a process', () => {
  it('is read past a name with spaces and parentheses', () => {
    const fields = ['S', '1', '7', ...Array(14).fill('0'), '11', '0', '4711', '0']
    expect(parseStat(`42 (a) b (c)) ${fields.join(' ')}`)).toEqual({
      pid: 42,
      state: 'S',
      parent: 1,
      group: 7,
      threads: 11,
      startTime: '4711',
    })
  })

  it('is not shared by another process with the same id, nor by one before the last boot', () => {
    const self = identify(process.pid)
    if (!self) return expect.fail('this process is not there')
    expect(isAlive(self)).toBe(true)
    expect(isAlive({ ...self, startTime: '1' })).toBe(false)
    expect(isAlive({ ...self, bootId: 'before' })).toBe(false)
    expect(identify(2 ** 22 + 1)).toBeUndefined()
  })
})

describe('a signal', () => {
  it('never reaches a process that merely has the same id', async () => {
    const child = spawn('sleep', ['600'])
    const identity = identify(child.pid ?? 0)
    if (!identity) return expect.fail('the child is not there')
    const recycled = { ...identity, startTime: '1' }
    expect([signalTree(recycled, 'SIGKILL'), freezeTree(recycled)]).toEqual([false, false])
    expect(await stopTree(recycled, { signal: 'SIGKILL', withinMs: 0 })).toBe(true)
    expect(isAlive(identity)).toBe(true)
    const ended = once(child, 'exit')
    expect(await stopTree(identity, { signal: 'SIGTERM', withinMs: 5_000 })).toBe(true)
    await ended
    expect(isAlive(identity)).toBe(false)
  })

  it('that a process ignores is followed by SIGKILL, also for one that is frozen', async () => {
    const child = spawn('sh', ['-c', 'trap "" TERM; echo up; while :; do sleep 600; done'], { detached: true })
    await once(child.stdout, 'data')
    const identity = identify(child.pid ?? 0)
    if (!identity) return expect.fail('the child is not there')
    freezeTree(identity)
    expect(await stopTree(identity, { signal: 'SIGTERM', withinMs: 100 })).toBe(true)
    expect(isAlive(identity)).toBe(false)
  })
})
