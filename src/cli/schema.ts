import { Argument, type Command } from 'commander'
import { writeRecordSchema } from '../evidence/index.ts'
import { writeJsonSchema } from '../model/index.ts'

const SCHEMAS: Record<string, () => object> = { system: writeJsonSchema, evidence: writeRecordSchema }

/** `linchpin schema [format]`: the JSON Schema of a format, for editors. */
export function addSchema(program: Command): void {
  program
    .command('schema')
    .description('print the JSON Schema of system files, or of evidence records, for editors')
    .addArgument(new Argument('[format]', 'which format').choices(Object.keys(SCHEMAS)).default('system'))
    .action((format: string) => {
      process.stdout.write(`${JSON.stringify(SCHEMAS[format]?.(), undefined, 2)}\n`)
    })
}
