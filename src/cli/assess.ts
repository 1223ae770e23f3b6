import type { Command } from 'commander'
import { assess, type ViewName } from '../assess/index.ts'
import { createPaint, writeAssessmentJson, writeOverview } from '../hub/index.ts'
import { asOption, entryOption, formatOption, isColour, orderOption } from './options.ts'
import { readProof } from './read-proof.ts'
import { readSystem } from './read-system.ts'

/** `linchpin assess [paths…]`: the overview. */
export function addAssess(program: Command): void {
  program
    .command('assess')
    .description('find the single points of failure of a platform, and what each takes down')
    .argument('[paths...]', 'system files, compose files, Kubernetes manifests, or a folder of them', [])
    .addOption(asOption())
    .addOption(entryOption())
    .addOption(formatOption())
    .addOption(orderOption())
    .option('--all', 'list every component, not only those that a flow rests on')
    .action(
      (paths: string[], options: { as: ViewName; format: string; order: number; entry: string[]; all?: boolean }) => {
        const { model, notes } = readSystem(paths, options.entry)
        for (const note of notes) process.stderr.write(`${note}\n`)
        const proof = readProof(model, paths, new Date())
        const assessment = assess(model, { ...proof.support, limits: { orderMax: options.order } })
        if (options.format === 'json') {
          process.stdout.write(`${JSON.stringify(writeAssessmentJson(assessment, proof))}\n`)
          return
        }
        const shown = { as: options.as, isComplete: options.all ?? false, proof, paint: createPaint(isColour()) }
        process.stdout.write(writeOverview(assessment, shown))
      },
    )
}
