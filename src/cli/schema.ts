import type { Command } from 'commander'
import { writeJsonSchema } from '../model/index.ts'

/** `linchpin schema`: the JSON Schema of the model format, for editors. */
export function addSchema(program: Command): void {
  program
    .command('schema')
    .description('print the JSON Schema of system files, for editors')
    .action(() => {
      process.stdout.write(`${JSON.stringify(writeJsonSchema(), undefined, 2)}\n`)
    })
}
