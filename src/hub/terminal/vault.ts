import { formatProblem } from '../../source/index.ts'
import type { VaultFinding } from '../../vault/index.ts'
import { count, type Paint } from './paint.ts'

/** More would only scroll the first ones away. */
const SHOWN_MAX = 200

/** The report of `linchpin vault check`: one line a finding, as `file:line:column what is wrong. What to do.` */
export function writeVaultFindings(findings: readonly VaultFinding[], pageCount: number, paint: Paint): string {
  const lines = findings.slice(0, SHOWN_MAX).map(({ kind, severity, ...problem }) => {
    const tag = severity === 'error' ? paint.red(kind) : paint.yellow(`${kind} (warning)`)
    return `${formatProblem(printable(problem))} ${paint.dim('[')}${tag}${paint.dim(']')}`
  })
  const more =
    findings.length > SHOWN_MAX ? [`and ${findings.length - SHOWN_MAX} more (--format json has them all)`] : []
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const warnings = findings.length - errors
  const sum = `${count(pageCount, 'page')}: ${count(errors, 'error')}, ${count(warnings, 'warning')}.`
  return `${[...lines, ...more, sum].join('\n')}\n`
}

/** A page may hold what would move the cursor. */
function printable<T extends { readonly message: string }>(problem: T): T {
  return { ...problem, message: problem.message.replace(/\p{Cc}/gu, '�') }
}
