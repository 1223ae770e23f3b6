import { Command } from 'commander'
import { addAssess } from './assess.ts'
import { addCheck } from './check.ts'
import { addDrill } from './drill.ts'
import { addEvidence } from './evidence.ts'
import { EXIT, UsageError } from './exit.ts'
import { addExplain } from './explain.ts'
import { addExport } from './export.ts'
import { addInit } from './init.ts'
import { addLab } from './lab.ts'
import { addPlan } from './plan.ts'
import { addRunbook } from './runbook.ts'
import { addSchema } from './schema.ts'
import { addServe } from './serve.ts'
import { addVault } from './vault.ts'
import { addWhatIf } from './what-if.ts'

void main()

async function main(): Promise<void> {
  const program = new Command('linchpin')
    .description('Finds the single points of failure of a service platform.')
    .showHelpAfterError('(linchpin --help lists the commands)')
    .exitOverride()
  const reading = [addAssess, addExplain, addWhatIf, addPlan, addCheck, addInit, addExport, addSchema]
  for (const add of [...reading, addLab, addDrill, addRunbook, addEvidence, addVault, addServe]) add(program)
  try {
    await program.parseAsync()
  } catch (error) {
    process.exitCode = explain(error)
  }
}

/** Says what went wrong in lines without a stack; the code tells wrong use from a failed run. */
function explain(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.lines.join('\n')}\n`)
    return EXIT.wrongUse
  }
  if (error instanceof Error && 'exitCode' in error && 'code' in error && String(error.code).startsWith('commander.'))
    return error.exitCode === 0 ? EXIT.fine : EXIT.wrongUse
  process.stderr.write(`linchpin failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return EXIT.failed
}
