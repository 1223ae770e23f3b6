import type { Command } from 'commander'
import { assessWith, compareViews, type Finding, type Waived, waive } from '../assess/index.ts'
import { findRefuted } from '../evidence/index.ts'
import { createPaint, writeFindings } from '../hub/index.ts'
import { formatProblem } from '../source/index.ts'
import { EXIT } from './exit.ts'
import { withFilesAt } from './files-at-reference.ts'
import { findInVault } from './find-in-vault.ts'
import { formatOption, isColour } from './options.ts'
import { isVaultFolder, readProof } from './read-proof.ts'
import { readSystem } from './read-system.ts'
import { readVault } from './read-vault.ts'

/** `linchpin check [paths…] --base <ref>`: the gate for a pull request. */
export function addCheck(program: Command): void {
  program
    .command('check')
    .description(
      'fail when the platform got worse: a new SPOF, a larger radius, a refuted claim, a P0 without a runbook, a broken link',
    )
    .argument('[paths...]', 'as for assess', [])
    .option('--base <reference>', 'git reference to compare with, such as main')
    .addOption(formatOption())
    .action((paths: string[], options: { base?: string; format: string }) => {
      const waived = check(paths.length > 0 ? paths : ['.'], options.base)
      const text =
        options.format === 'json' ? `${JSON.stringify(waived)}\n` : writeFindings(waived, createPaint(isColour()))
      process.stdout.write(text)
      if (waived.findings.some(({ severity }) => severity === 'error')) process.exitCode = EXIT.findings
    })
}

function check(paths: readonly string[], base: string | undefined): Waived {
  const { model } = readSystem(paths)
  const view = assessWith(model, [])
  const standing = view.findings.filter(({ code }) => code !== 'LP001')
  const worse: Finding[] =
    base === undefined
      ? []
      : withFilesAt(base, paths, (old) => {
          const { model: before } = readSystem(old)
          return compareViews({ model: before, view: assessWith(before, []) }, { model, view })
        })
  const now = new Date()
  const today = now.toISOString().slice(0, 10)
  const refuted = findRefuted(readProof(model, paths, now), view)
  const pages = paths.filter(isVaultFolder).flatMap((path) => findInPages(path, today))
  return waive([...worse, ...refuted, ...standing, ...pages], model.waivers, today)
}

/** Not what the model itself is told of above: a P0 without a runbook. */
function findInPages(vault: string, today: string): Finding[] {
  return findInVault(readVault(vault), today)
    .filter(({ kind }) => kind !== 'component-without-runbook')
    .map((finding) => ({
      code: 'LP030',
      severity: finding.severity,
      at: finding.where.file,
      message: formatProblem(finding),
    }))
}
