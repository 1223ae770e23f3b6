import { readStatus, verifyLab } from '../../lab/index.ts'
import { reasonOf } from '../drill-error.ts'
import { isWithin } from '../format/bound.ts'
import type { ProbeReader } from './probe-reader.ts'
import type { Verified } from './result.ts'
import type { RunContext } from './run-context.ts'

/** What is not as it should be: parts that are not ready or broken, probes out of bounds. Empty: steady. */
export async function findUnsteady({ plan }: RunContext, probes: ProbeReader): Promise<string[]> {
  const { parts, links, supervisor, strays } = await readStatus(plan.labFile)
  const complaints = parts
    .filter(({ state }) => state !== 'ready' && state !== 'done')
    .map(({ name, state, reason }) => `${name} is ${state}${reason ? `: ${reason}` : ''}`)
  for (const { name, faults } of [...parts, ...links])
    if (faults.length > 0) complaints.push(`${name} is broken by ${faults.join(', ')}`)
  if (supervisor !== 'running') complaints.push('the supervisor of the lab does not run')
  if (strays.length > 0) complaints.push(`processes that belong to no part: ${strays.join(', ')}`)
  const looks = await Promise.all(
    (plan.input.steady ?? []).map(async ({ probe, is }) => {
      const { value, reason } = await probes.look(probe)
      if (isWithin(value, is)) return undefined
      return `${probe} is ${value ?? `unknown (${reason})`}, and should be ${is.text}`
    }),
  )
  return [...complaints, ...looks.filter((complaint) => complaint !== undefined)]
}

/** The lab's own check that nothing was lost. */
export async function verify({ plan }: RunContext): Promise<Verified> {
  if (!plan.lab.verify) return { state: 'not declared', output: '' }
  let output = ''
  try {
    const onOutput = (text: string) => {
      output += text
    }
    const isFine = await verifyLab(plan.labFile, { onOutput, env: process.env })
    return { state: isFine ? 'fine' : 'violated', output: output.trim() }
  } catch (error) {
    return { state: 'could not tell', output: `${output}${reasonOf(error)}`.trim() }
  }
}
