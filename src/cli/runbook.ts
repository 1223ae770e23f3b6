import { existsSync, readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { checkNames, findRunbooks, matchAlerts, RunbookError } from '../runbook/index.ts'
import { formatDuration, formatProblem } from '../source/index.ts'
import { EXIT, UsageError } from './exit.ts'
import { findUsual } from './find-files.ts'
import { type FoundRunbook, findPages, nameOf, vaultOf } from './find-runbooks.ts'
import { formatOption } from './options.ts'
import { readProof } from './read-proof.ts'
import { readSystem } from './read-system.ts'
import { type RunPageOptions, runPage } from './run-runbook.ts'

interface ForOptions {
  readonly vault?: string
  readonly alertmanager?: string
  readonly format: string
}

/** `linchpin runbook …`: pages that people read, carried out. */
export function addRunbook(program: Command): void {
  const runbook = program.command('runbook').description('go through a runbook step by step, or find the right one')
  const collect = (value: string, list: string[]) => [...list, value]
  runbook
    .command('run')
    .description('go through a page: check, do, verify, and write down what happened')
    .argument('<page>', 'its name or file')
    .option('--vault <path>', 'where pages are; absent: below here, or the vault above')
    .option('--on <environment>', 'where it runs: which blocks of the page count', 'lab')
    .option('--auto', 'without a person: what fails aborts and is undone')
    .option('--approve <step>', 'with --auto: a dangerous step that may be done, or all', collect, [])
    .option('--var <name=value>', 'an answer given beforehand', collect, [])
    .option('--resume [run]', 'go on with a run that was stopped or crashed; absent: the last one of this page')
    .option('--dry-run', 'only show what would be done')
    .option('--keep <folder>', 'where journal and transcript go; absent: .linchpin and evidence of the vault')
    .option('--post-mortem [file]', 'write a draft of the post-mortem; absent: beside the transcript')
    .addOption(formatOption())
    .action((page: string, options: RunPageOptions) => run(() => runPage(page, options)))
  runbook
    .command('list')
    .description('list pages: what each is for, what is wrong with it, and whether it was proved')
    .argument('[vault]', 'a vault, a folder or a page; absent: below here, or the vault above')
    .addOption(formatOption())
    .action((vault: string | undefined, { format }: { format: string }) => run(async () => listPages(vault, format)))
  runbook
    .command('for')
    .description('find the page for a component, an alert, or what Alertmanager sends')
    .argument('[name]', 'a component or an alert')
    .option('--alertmanager <file>', 'the JSON of its webhook; - reads standard input')
    .option('--vault <path>', 'where pages are')
    .addOption(formatOption())
    .action((name: string | undefined, options: ForOptions) => run(async () => showFor(name, options)))
}

/** Every page with its mistakes, also of names that the model does not have; exit code 1 when there is one. */
function listPages(vault: string | undefined, format: string): void {
  const rows = findPages(vault).map(describePage)
  if (format === 'json') process.stdout.write(`${JSON.stringify(rows)}\n`)
  else if (rows.length === 0) process.stdout.write('There are no runbooks here. Write one: docs/guide/runbooks.md.\n')
  else process.stdout.write(`${rows.map(writeRow).join('\n')}\n`)
  if (rows.some(({ problems }) => problems.length > 0)) process.exitCode = EXIT.findings
}

function describePage({ source, runbook, problems }: FoundRunbook) {
  const { file } = source
  const name = nameOf(file)
  const base = { runbook: name, file, claim: `runbook:${name}` }
  if (!runbook) return { ...base, title: '', components: [], verdict: 'unknown', problems: problems.map(formatProblem) }
  const system = findUsual(vaultOf(file))
  const model = system === undefined ? undefined : readSystem([system]).model
  const judgement =
    model && system !== undefined ? readProof(model, [system], new Date()).judgements.get(base.claim) : undefined
  const { title, components, severity, targetMs } = runbook
  const wrong = model ? checkNames(runbook, model).map(formatProblem) : []
  return { ...base, title, components, severity, targetMs, verdict: judgement?.verdict ?? 'unknown', problems: wrong }
}

function writeRow({
  runbook,
  title,
  components,
  severity,
  targetMs,
  verdict,
  problems,
}: ReturnType<typeof describePage> & { severity?: string | undefined; targetMs?: number | undefined }): string {
  const facts = [
    components.join(', ') || 'no component',
    ...(severity ? [severity] : []),
    ...(targetMs === undefined ? [] : [`RTO ${formatDuration(targetMs)}`]),
    verdict,
  ]
  return [`${runbook}  ${title}`.trimEnd(), `    ${facts.join('; ')}`, ...problems.map((line) => `    ${line}`)].join(
    '\n',
  )
}

function showFor(name: string | undefined, { vault, alertmanager, format }: ForOptions): void {
  if ((name === undefined) === (alertmanager === undefined))
    throw new UsageError('Name a component or an alert, or a payload with --alertmanager; one of them.')
  const pages = findPages(vault)
  const runbooks = pages.flatMap(({ runbook }) => runbook ?? [])
  const matches =
    alertmanager === undefined
      ? [{ alert: name ?? '', about: '', runbooks: findRunbooks(runbooks, name ?? '') }]
      : matchAlerts(readPayload(alertmanager), runbooks)
  if (format === 'json') {
    const rows = matches.map(({ runbooks, ...rest }) => ({
      ...rest,
      runbooks: runbooks.map(({ name, file }) => ({ name, file })),
    }))
    process.stdout.write(`${JSON.stringify(rows)}\n`)
  } else for (const match of matches) process.stdout.write(writeMatch(match, alertmanager !== undefined))
  if (matches.some((match) => match.runbooks.length === 0)) process.exitCode = EXIT.findings
}

interface Match {
  readonly alert: string
  readonly about: string
  readonly runbooks: readonly { readonly name: string; readonly file: string; readonly title: string }[]
}

function writeMatch({ alert, about, runbooks }: Match, isAlert: boolean): string {
  const head = isAlert ? `${clean(`${alert} ${about}`.trim())}\n` : ''
  const indent = isAlert ? '    ' : ''
  if (runbooks.length === 0) return `${head}${indent}No runbook is for ${isAlert ? 'it' : clean(alert)}.\n`
  return `${head}${runbooks.map(({ name, title, file }) => `${indent}${name}  ${title}\n${indent}    ${file}\n`).join('')}`
}

/** Labels are text of others. */
function clean(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '·').slice(0, 200)
}

function readPayload(file: string): string {
  if (file === '-') return readFileSync(0, 'utf8')
  if (!existsSync(file)) throw new UsageError(`${file} does not exist. Name the JSON of an Alertmanager webhook.`)
  return readFileSync(file, 'utf8')
}

async function run(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof RunbookError)) throw error
    if (error.code === 'wrong-use') throw new UsageError(...error.lines)
    process.stderr.write(`${error.lines.join('\n')}\n`)
    process.exitCode = EXIT.failed
  }
}
