import type { Command } from 'commander'
import { assess } from '../assess/index.ts'
import { createPaint, writeAssessmentJson, writeExplanation } from '../hub/index.ts'
import { suggestion } from '../source/index.ts'
import { UsageError } from './exit.ts'
import { entryOption, formatOption, isColour } from './options.ts'
import { readProof } from './read-proof.ts'
import { readSystem } from './read-system.ts'

/** `linchpin explain <component> [paths…]`: why it is a single point of failure, and what would change that. */
export function addExplain(program: Command): void {
  program
    .command('explain')
    .description('say why a component is a single point of failure, what it takes down, and what would change that')
    .argument('<component>', 'its name in the model')
    .argument('[paths...]', 'as for assess', [])
    .addOption(entryOption())
    .addOption(formatOption())
    .action((component: string, paths: string[], options: { format: string; entry: string[] }) => {
      const { model } = readSystem(paths, options.entry)
      requireComponent(
        model.components.map(({ id }) => id),
        component,
      )
      const proof = readProof(model, paths, new Date())
      const assessment = assess(model, proof.support)
      if (options.format === 'json') {
        const json = writeAssessmentJson(assessment, proof) as {
          claimed: { components: { id: string }[]; flows: { id: string; spofs: { component: string }[] }[] }
        }
        const view = json.claimed.components.find(({ id }) => id === component)
        const spofOf = json.claimed.flows.flatMap(({ id, spofs }) =>
          spofs.filter((spof) => spof.component === component).map((spof) => ({ flow: id, ...spof })),
        )
        process.stdout.write(`${JSON.stringify({ component: view, spofOf })}\n`)
        return
      }
      process.stdout.write(writeExplanation(assessment, component, createPaint(isColour())))
    })
}

/** Throws a `UsageError` with a suggestion when the model has no such component. */
export function requireComponent(known: readonly string[], id: string): void {
  if (known.includes(id)) return
  const names = known.length <= 12 ? ` It has ${known.join(', ')}.` : ''
  throw new UsageError(
    `The model has no component "${id}".${suggestion(id, known) || names} Give its name in the model.`,
  )
}
