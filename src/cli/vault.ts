import type { Command } from 'commander'
import { createPaint, writeVaultFindings } from '../hub/index.ts'
import { EXIT } from './exit.ts'
import { findInVault } from './find-in-vault.ts'
import { formatOption, isColour } from './options.ts'
import { readVault } from './read-vault.ts'
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
      const findings = findInVault(read, new Date().toISOString().slice(0, 10))
      const text =
        format === 'json'
          ? `${JSON.stringify({ pages: read.vault.pages.size, findings })}\n`
          : writeVaultFindings(findings, read.vault.pages.size, createPaint(isColour()))
      process.stdout.write(text)
      if (findings.some(({ severity }) => severity === 'error')) process.exitCode = EXIT.findings
    })
}
