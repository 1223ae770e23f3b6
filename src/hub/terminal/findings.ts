import type { Finding, Waived } from '../../assess/index.ts'
import { type Paint, WIDTH, wrap } from './paint.ts'

/** The report of `linchpin check`: what fails it first, then what does not, then what waivers hold back. */
export function writeFindings({ findings, held }: Waived, paint: Paint): string {
  const order: readonly Finding['severity'][] = ['error', 'warning', 'note']
  const tone = { error: paint.red, warning: paint.yellow, note: paint.dim }
  const lines = order.flatMap((severity) =>
    findings
      .filter((finding) => finding.severity === severity)
      .flatMap(({ code, message }) =>
        wrap(`${code} ${severity}: ${message}`, WIDTH, '', '      ').map((line) => tone[severity](line)),
      ),
  )
  const waived = held.flatMap(({ finding, waiver }) =>
    wrap(`${finding.code} waived until ${waiver.until} (${waiver.reason}): ${finding.message}`, WIDTH, '', '      '),
  )
  const count = findings.filter(({ severity }) => severity === 'error').length
  const verdict =
    count === 0
      ? 'Nothing fails the check.'
      : `${count === 1 ? '1 finding fails' : `${count} findings fail`} the check.`
  return `${[...lines, ...waived.map((line) => paint.dim(line)), verdict].join('\n')}\n`
}
