import { PassThrough } from 'node:stream'
import pc from 'picocolors'
import { describe, expect, it } from 'vitest'
import { createFakeWorld, runbookOf, runFake } from '../testing/fake-world.ts'
import { createTerminalOperator } from './terminal.ts'

const BODY = `# Help
Look at {{who}}.

\`\`\`bash {step=fix danger approver="the lead"}
fix {{who}}
\`\`\`

\`\`\`manual {step=call}
Call {{who}}.
\`\`\`
`
const page = runbookOf(BODY, 'prompts: { who: { ask: Who, pattern: "[a-z]+", one-of: [ann, bob], default: ann } }\n')

/** What the operator is shown when these lines are typed. */
async function type(...lines: string[]) {
  const input = new PassThrough()
  const output = new PassThrough()
  input.end(lines.map((line) => `${line}\n`).join(''))
  const operator = createTerminalOperator({ input, output, paint: pc.createColors(false) })
  const world = createFakeWorld()
  const result = await runFake(page, world, { operator })
  operator.close()
  return { result, world, shown: String(output.read() ?? '') }
}

describe('at a terminal', () => {
  it('a person answers, approves and ticks', async () => {
    const { result, world, shown } = await type('carl', '', 'maybe', 'yes', 'done')
    expect(result.ending).toBe('finished')
    expect(world.done).toHaveLength(1)
    expect(shown).toContain('who is one of ann, bob.')
    expect(shown).toContain('This is dangerous. Approver: the lead. Is it approved? [yes/no/stop]')
    expect(shown).toContain('$ fix ann')
    expect(world.entries).toContainEqual(
      expect.objectContaining({ kind: 'approval', approver: 'the lead', granted: true }),
    )
  })

  it('"stop", or the end of the input, stops the run, which can be resumed', async () => {
    for (const lines of [['ann', 'stop'], ['ann']]) {
      const { result, world } = await type(...lines)
      expect([result.ending, world.done]).toEqual(['stopped', []])
    }
  })
})
