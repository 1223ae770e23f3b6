import type { Command } from 'commander'
import { planMitigations } from '../assess/index.ts'
import { createPaint, writePlan } from '../hub/index.ts'
import { parseDuration } from '../source/index.ts'
import { UsageError } from './exit.ts'
import { formatOption, isColour } from './options.ts'
import { readSystem } from './read-system.ts'

/** `linchpin plan [paths…] --budget 12d`: the open mitigations that remove most risk within an effort. */
export function addPlan(program: Command): void {
  program
    .command('plan')
    .description('choose the mitigations that remove most risk within an effort, and show what each effort would buy')
    .argument('[paths...]', 'as for assess', [])
    .option('--budget <effort>', 'days of work, such as 12d; without it, all of them')
    .addOption(formatOption())
    .action((paths: string[], { budget, format }: { budget?: string; format: string }) => {
      const budgetMs = budget === undefined ? Number.POSITIVE_INFINITY : parseDuration(budget)
      if (budgetMs === undefined)
        throw new UsageError(`--budget ${budget} is not an effort. Write it with its unit, such as 12d.`)
      const { model } = readSystem(paths)
      const plan = planMitigations(model, { budgetMs })
      const text = format === 'json' ? `${JSON.stringify(plan)}\n` : writePlan(plan, model, createPaint(isColour()))
      process.stdout.write(text)
    })
}
