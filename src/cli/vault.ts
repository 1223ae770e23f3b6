import { join } from 'node:path'
import type { Command } from 'commander'
import { createPaint, REGIONS, writeVaultFindings } from '../hub/index.ts'
import type { Problem } from '../source/index.ts'
import { checkVault, type VaultFinding } from '../vault/index.ts'
import { EXIT } from './exit.ts'
import { findUsual } from './find-files.ts'
import { formatOption, isColour } from './options.ts'
import { readSystem } from './read-system.ts'
import { pathFrom, type ReadVault, readVault } from './read-vault.ts'
import { sync } from './sync-vault.ts'

/** `linchpin vault sync|check [vault]`: the pages of a vault, kept in step and linked. */
export function addVault(program: Command): void {
  const vault = program
    .command('vault')
    .description('the pages beside a model: write their regions anew, check their links')
  vault
    .command('sync')
    .description('write every managed region of the pages from the model and the evidence')
    .argument('[vault]', 'folder with system/ and the pages', '.')
    .option('--check', 'write nothing; fail when a region is out of date')
    .action((path: string, { check }: { check?: boolean }) =>
      sync(readVault(path), { isCheck: check ?? false, now: new Date() }),
    )
  vault
    .command('check')
    .description('find broken links, pages nobody links to, late reviews, runbooks without a component')
    .argument('[vault]', 'folder with the pages', '.')
    .addOption(formatOption())
    .action((path: string, { format }: { format: string }) => {
      const read = readVault(path)
      const findings = findAll(read, new Date().toISOString().slice(0, 10))
      const text =
        format === 'json'
          ? `${JSON.stringify({ pages: read.vault.pages.size, findings })}\n`
          : writeVaultFindings(findings, read.vault.pages.size, createPaint(isColour()))
      process.stdout.write(text)
      if (findings.some(({ severity }) => severity === 'error')) process.exitCode = EXIT.findings
    })
}

function findAll(read: ReadVault, today: string): VaultFinding[] {
  const refused = read.problems.map((problem): VaultFinding => ({ ...problem, kind: 'page', severity: 'error' }))
  const options = { today, components: listComponents(read), regions: Object.keys(REGIONS) }
  return [...refused, ...checkVault(read.vault, options)].map((finding) => ({
    ...finding,
    ...placed(read.root, finding),
  }))
}

/** Positions within a vault are from its root; people want them from where they are. */
function placed(root: string, { where, message }: Problem): Problem {
  return { where: { ...where, file: join(root, where.file) }, message }
}

function listComponents({ root }: ReadVault) {
  const system = findUsual(root)
  if (system === undefined) return undefined
  const { model } = readSystem([system])
  const waivers = model.waivers.filter(({ finding }) => finding === 'LP005')
  const waived = new Map(waivers.map(({ at, until }) => [at, until]))
  return model.components.map(({ id, title, tier, runbook, where }) => ({
    id,
    title,
    isCritical: tier === 'P0',
    runbook,
    waivedUntil: waived.get(id),
    where: { ...where, file: pathFrom(root, where.file) },
  }))
}
