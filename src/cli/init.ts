import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { UsageError } from './exit.ts'

const TEMPLATE = `# yaml-language-server: $schema=https://raw.githubusercontent.com/linchpin/linchpin/main/docs/reference/system.schema.json
`

/** \`linchpin init\`: a first model to go on from. */
export function addInit(program: Command): void {
  void program
  void TEMPLATE
  void writeFileSync
  void UsageError
}
