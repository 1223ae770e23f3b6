import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Crash, createFakeWorld, type FakeOptions, type FakeWorld, runbookOf, runFake } from '../testing/fake-world.ts'
import { StopError } from './operator.ts'

const bash = (attributes: string, script: string) => `\`\`\`bash {${attributes}}\n${script}\n\`\`\`\n`
const PAGE = `# Stock is down
${bash('step=look capture.n=/n=(\\d+)/', 'look')}
## It is A
${bash('branch=a expect=yes', 'is-a')}${bash('step=never', 'never')}
## It is B
${bash('branch=b expect="{{n}}"', 'is-b')}${bash('step=fix danger approver=lead', 'fix')}${bash('verify=fix retries=2 every=5s expect=up recovery', 'see')}${bash('undo=fix', 'unfix')}
# Afterwards
${bash('step=tell', 'tell {{n}}')}
`
const runbook = runbookOf(PAGE, 'rto: 1m\n')
/** Stock is up once it was fixed. */
const answer = (text: string, { done }: FakeWorld) => ({
  output: { look: 'n=42', 'is-b': '42', see: done.includes('fix') ? 'up' : 'down' }[text] ?? '',
})
const FULL = ['look', 'is-a', 'is-b', 'fix', 'see', 'tell $' + '{RUNBOOK_N}']

describe('a run', () => {
  it('does steps in order, takes the first branch whose condition holds, and measures recovery', async () => {
    const world = createFakeWorld()
    const result = await runFake(runbook, world, { answer })
    expect(world.done).toEqual(FULL)
    expect(result).toMatchObject({
      ending: 'finished',
      branches: ['It is B'],
      rtoMs: 5_000,
      targetMs: 60_000,
      isInTime: true,
    })
  })

  it('says when recovery came too late', async () => {
    const slow: FakeOptions['answer'] = (text, world) => {
      if (text === 'fix') world.nowMs += 60_000
      return answer(text, world)
    }
    expect(await runFake(runbook, createFakeWorld(), { answer: slow })).toMatchObject({
      rtoMs: 65_000,
      isInTime: false,
    })
  })

  it('tries a verification again until it holds, waiting in between', async () => {
    const world = createFakeWorld()
    const late: FakeOptions['answer'] = (text, world) =>
      text === 'see' && world.done.filter((one) => one === 'see').length < 3 ? {} : answer(text, world)
    expect((await runFake(runbook, world, { answer: late })).rtoMs).toBe(17_000)
    expect(world.done.filter((one) => one === 'see')).toHaveLength(3)
  })

  it('what nobody approves is not done', async () => {
    const world = createFakeWorld()
    const result = await runFake(runbook, world, { answer, operator: { approve: async () => false } })
    expect(world.done).toEqual(['look', 'is-a', 'is-b'])
    expect(result).toMatchObject({
      ending: 'aborted',
      because: 'fix: nobody approved it, so it was not done',
      rtoMs: undefined,
    })
  })

  it('is undone when it is aborted, last step first, and only what was begun', async () => {
    const world = createFakeWorld()
    const fails: FakeOptions['answer'] = (text, world) => (text === 'see' ? { output: 'down' } : answer(text, world))
    const result = await runFake(runbook, world, { answer: fails })
    expect(world.done).toEqual(['look', 'is-a', 'is-b', 'fix', 'see', 'see', 'see', 'unfix'])
    expect(result).toMatchObject({ ending: 'aborted', because: 'verify fix: expected up: it is not there' })
  })

  it('goes on past a step that the operator skips', async () => {
    const world = createFakeWorld()
    const fails: FakeOptions['answer'] = (text, world) => (text === 'fix' ? { status: 3 } : answer(text, world))
    const result = await runFake(runbook, world, { answer: fails, operator: { afterFailure: async () => 'skip' } })
    expect(result.steps.map(({ id, state }) => `${id} ${state}`)).toContain('fix skipped')
    expect(world.done.at(-1)).toContain('tell')
  })

  it('goes the next way when the operator does not take a branch', async () => {
    const page = runbookOf(
      `# A\n${bash('branch=a', 'a')}${bash('step=in-a', 'in-a')}# B\n${bash('branch=b otherwise', 'b')}${bash('step=in-b', 'in-b')}`,
    )
    const world = createFakeWorld()
    await runFake(page, world, { operator: { take: async (heading) => heading === 'B' } })
    expect(world.done).toEqual(['a', 'in-b'])
  })

  it('leaves what is for another environment, and says so', async () => {
    const page = runbookOf(
      `${bash('step=a on=ha', 'patronictl list')}${bash('step=b', 'here')}${bash('step=b on=kubernetes', 'there')}`,
    )
    const world = createFakeWorld()
    const { steps } = await runFake(page, world)
    expect(world.done).toEqual(['here'])
    expect(steps[0]).toMatchObject({ state: 'left', because: 'it needs ha, and this run is on lab' })
    const other = createFakeWorld()
    await runFake(page, other, { options: { environment: 'kubernetes' } })
    expect(other.done).toEqual(['there'])
  })

  it('does not begin what lacks a program or a variable of the environment', async () => {
    const page = runbookOf(bash('step=a needs=absent', 'x'))
    expect(await runFake(page, createFakeWorld())).toMatchObject({
      because: 'a: it needs absent, which this machine does not have',
    })
    const world = createFakeWorld()
    expect(await runFake(runbookOf(bash('step=a env=TOKEN', 'x')), world)).toMatchObject({
      because: 'a: it needs TOKEN in the environment. Set it and run again',
    })
    expect(world.done).toEqual([])
  })

  it('asks for a prompt once, and aborts when nobody answers', async () => {
    const page = runbookOf(
      `${bash('step=a', 'a {{who}}')}${bash('step=b', 'b {{who}}')}`,
      'prompts: { who: { ask: Who are you } }\n',
    )
    let asked = 0
    const ask = async () => `ann${++asked}`
    const world = createFakeWorld()
    await runFake(page, world, { operator: { ask } })
    expect([asked, world.entries.filter(({ kind }) => kind === 'answer')]).toMatchObject([
      1,
      [{ name: 'who', value: 'ann1' }],
    ])
    expect(await runFake(page, createFakeWorld())).toMatchObject({
      ending: 'aborted',
      because: 'nobody answers "Who are you". Give it with --var who=VALUE',
    })
  })
})

describe('what is secret', () => {
  it('reaches no journal and no screen, wherever it comes from', async () => {
    const front = 'prompts: { pin: { ask: Pin, secret: true } }\nsecrets: [TOKEN, session]\n'
    const page = runbookOf(
      `${bash('step=login env=TOKEN capture.session=/session=(\\S+)/', 'login {{pin}}')}${bash('step=use capture.copy=/copy (.*)/', 'use {{session}}')}`,
      front,
    )
    const world = createFakeWorld()
    const leak: FakeOptions['answer'] = (text) => ({
      output: text.startsWith('login') ? 'session=s3ss10n' : 'copy pin 4711 token t0ken session s3ss10n',
      errors: 't0ken',
    })
    const options = { env: { TOKEN: 't0ken' } }
    const result = await runFake(page, world, { answer: leak, operator: { ask: async () => '4711' }, options })
    expect(result.ending).toBe('finished')
    const seen = JSON.stringify([
      world.entries,
      world.events.map((event) => (event.kind === 'step' ? event.shown : event)),
      result,
    ])
    for (const secret of ['4711', 't0ken', 's3ss10n'])
      expect(seen.replaceAll(/"block":\{.*?\}/g, '')).not.toContain(secret)
    expect(seen).toContain('‹session›')
  })
})

describe('after a crash', () => {
  /** Lives until the crash at the n-th point, then again until it ends. False once there are not so many points. */
  async function crashAt(n: number, world: FakeWorld): Promise<boolean> {
    let point = 0
    const onPoint = () => {
      if (point++ === n) throw new Crash()
    }
    try {
      await runFake(runbook, world, { answer, onPoint })
      return false
    } catch (error) {
      if (!(error instanceof Crash)) throw error
      if (world.entries.at(-1)?.kind !== 'finish') await runFake(runbook, world, { answer })
      return true
    }
  }

  it('at any point, a run is resumed, does what is left, and does not do again what had ended', async () => {
    for (let n = 0; ; n++) {
      const world = createFakeWorld()
      const crashed = await crashAt(n, world)
      expect(world.entries.at(-1)).toMatchObject({ kind: 'finish', ending: 'finished' })
      expect([...new Set(world.done)].sort()).toEqual([...FULL].sort())
      const twice = world.done.filter((one, i) => one !== 'see' && world.done.indexOf(one) !== i)
      expect(twice.length).toBeLessThanOrEqual(1)
      expect(twice).not.toContain('fix') // Its verification tells that it was done.
      if (!crashed) return expect(n).toBeGreaterThan(30)
    }
  })

  it('without a verification the operator is asked; unattended, it aborts', async () => {
    const page = runbookOf(bash('step=pay', 'pay'))
    const crash = async (operator: FakeOptions['operator']) => {
      const world = createFakeWorld()
      const onPoint = (point: string) => {
        if (point === 'after operation') throw new Crash()
      }
      await expect(runFake(page, world, { onPoint })).rejects.toThrow(Crash)
      return { world, result: await runFake(page, world, operator ? { operator } : {}) }
    }
    const done = await crash({ interrupted: async () => 'done' })
    expect([done.world.done, done.result.ending]).toEqual([['pay'], 'finished'])
    const aborted = await crash({ interrupted: async () => 'abort' })
    expect(aborted.result).toMatchObject({
      ending: 'aborted',
      because: 'nobody knows whether pay was done before the run stopped',
    })
  })

  it('a run goes on only with its own page, and only once', async () => {
    const world = createFakeWorld()
    await expect(runFake(runbook, world, { onPoint: (point) => point === 'after end' && fail() })).rejects.toThrow(
      Crash,
    )
    await expect(runFake(runbook, world, { options: { digest: 'other' } })).rejects.toThrow('The page was changed')
    await expect(runFake(runbook, world, { options: { environment: 'ha' } })).rejects.toThrow('This run began on lab')
    await runFake(runbook, world, { answer })
    await expect(runFake(runbook, world)).rejects.toThrow('This run has ended')
  })

  it('whatever crashes, stops and answers come, a step that ended is never done again', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(25), { maxLength: 8 }),
        fc.array(fc.constantFrom('again', 'skip', 'abort'), { minLength: 1, maxLength: 5 }),
        fc.nat(6),
        async (crashes, decisions, flaky) => {
          const world = createFakeWorld()
          let asked = 0
          const decide = async () => {
            if (asked > 20) return 'abort'
            const decision = decisions[asked++ % decisions.length]
            if (asked % 4 === 3) throw new StopError()
            return decision as 'again'
          }
          const unsure: FakeOptions['answer'] = (text, world) =>
            world.done.length % 7 === flaky ? { status: 1 } : answer(text, world)
          for (const points of [...crashes, 1_000, 1_000, 1_000]) {
            if (world.entries.at(-1)?.kind === 'finish') break
            let left = points
            const onPoint = () => {
              if (left-- === 0) throw new Crash()
            }
            await runFake(runbook, world, { answer: unsure, operator: { afterFailure: decide }, onPoint }).catch(
              (error) => {
                if (!(error instanceof Crash)) throw error
              },
            )
          }
          const ended = new Set<string>()
          for (const entry of world.entries) {
            if (entry.kind !== 'begin' && entry.kind !== 'end') continue
            const key = `${entry.role} ${entry.id}`
            if (entry.kind === 'begin') expect(ended).not.toContain(key)
            else if (entry.state === 'ok' || entry.state === 'skipped') ended.add(key)
          }
        },
      ),
      { numRuns: 300 },
    ))
})

function fail(): never {
  throw new Crash()
}
