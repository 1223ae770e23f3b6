import { expect, it } from 'vitest'
import { createFakeWorld, runbookOf, runFake } from '../testing/fake-world.ts'
import { writePlan } from './write-plan.ts'
import { writePostMortem } from './write-post-mortem.ts'
import { writeTranscript, writeTranscriptJson } from './write-transcript.ts'

const BODY = `# Help | me
\`\`\`bash {step=look recovery}
cat '\`\`\`'
\`\`\`

\`\`\`\`manual {step=call}
Call.
\`\`\`\`

\`\`\`sql {step=ask to="postgres://me:hunter2@db/x" on=other}
select 1
\`\`\`
`
const runbook = runbookOf(BODY, 'severity: P1\nrto: 1m\n')
const EVIL = 'a\n```\n# Not a heading\n<script>alert(1)</script> \u001b[31m[x](javascript:1) ````'

async function run() {
  const answer = () => ({ output: EVIL })
  return runFake(runbook, createFakeWorld(), { answer, operator: { tick: async () => 'left' } })
}

it('a transcript holds every command, output, judgement and time, and no output gets out of its block', async () => {
  const result = await run()
  const transcript = writeTranscript(result)
  expect(transcript).toContain('- **RTO**: recovered after 1 s; the target is 1 min, in time')
  expect(transcript).toContain('| look | +0 s | 1 s | ok |')
  expect(transcript).toContain('- call (left): left for a person')
  expect(transcript).toContain(
    '`````\na\n```\n# Not a heading\n<script>alert(1)</script> [x](javascript:1) ````\n`````',
  )
  expect(JSON.parse(writeTranscriptJson(result))).toMatchObject({ format: 1, ending: 'finished', rtoMs: 1_000 })
})

it('a post-mortem begins with what is known: times, branches, what is left; the rest is asked', async () => {
  const draft = writePostMortem(await run())
  expect(draft).toContain('| 00:00:01 | look: its status is 0 (recovery) |')
  expect(draft).toContain('- [ ] call (left): left for a person')
  expect(draft).toContain('_To be written._')
})

it('a plan shows every block for the environment, and no password', () => {
  expect(writePlan(runbook, 'lab')).toContain('ask: not on lab')
  const other = writePlan(runbook, 'other')
  expect(other).toContain('ask (sql; postgres://me:…@db/x; within 30 s)')
  expect(other).not.toContain('hunter2')
})
