import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { readRecords, verifyRecords } from '../evidence/index.ts'
import { createPaint, writeChain, writeEvidence, writeEvidenceJson } from '../hub/index.ts'
import { EXIT, UsageError } from './exit.ts'
import { formatOption, isColour } from './options.ts'
import { findVault, readProof } from './read-proof.ts'
import { readSystem } from './read-system.ts'

/** `linchpin evidence list|verify [vault]`: what drills found out, and whether the records are whole. */
export function addEvidence(program: Command): void {
  const evidence = program.command('evidence').description('the records of drills: list them, or verify their chain')
  evidence
    .command('list')
    .description('list the records with their verdicts, environments and what they are worth now')
    .argument('[vault]', 'folder with system/ and evidence/', '.')
    .addOption(formatOption())
    .action((vault: string, { format }: { format: string }) => list(vault, format))
  evidence
    .command('verify')
    .description('find edited and unreadable records, gaps, and, with --head, the loss of the newest')
    .argument('[vault]', 'folder with evidence/', '.')
    .option('--head <digest>', 'a head that was kept elsewhere, as verify printed it')
    .addOption(formatOption())
    .action((vault: string, { format, head }: { format: string; head?: string }) => verify(vault, format, head))
}

function list(vault: string, format: string): void {
  const { model } = readSystem([vault])
  const evidence = readRecords(join(findVault(vault), 'evidence'))
  const proof = readProof(model, [vault], new Date())
  const text =
    format === 'json'
      ? `${JSON.stringify(writeEvidenceJson(evidence, proof))}\n`
      : writeEvidence(evidence, proof, createPaint(isColour()))
  process.stdout.write(text)
  if (evidence.damaged.length > 0) process.exitCode = EXIT.findings
}

function verify(vault: string, format: string, head: string | undefined): void {
  if (!existsSync(vault)) throw new UsageError(`${vault} does not exist. Give the folder that holds evidence/.`)
  if (head !== undefined && !/^[0-9a-f]{64}$/.test(head))
    throw new UsageError(`--head ${head} is not a digest. Give the 64 digits that verify printed.`)
  const chain = verifyRecords(join(findVault(vault), 'evidence'), head === undefined ? {} : { head })
  const text = format === 'json' ? `${JSON.stringify(chain)}\n` : writeChain(chain, createPaint(isColour()))
  process.stdout.write(text)
  if (chain.findings.length > 0) process.exitCode = EXIT.findings
}
