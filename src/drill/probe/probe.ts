import { unreachable } from '../../source/index.ts'
import { PROBE_KINDS, type ProbeInput } from '../format/schema.ts'
import { readCommand } from './read-command.ts'
import { readHttp } from './read-http.ts'
import { readLog } from './read-log.ts'
import { readMetric } from './read-metric.ts'
import { readPromql } from './read-promql.ts'
import { readSql } from './read-sql.ts'

const PROBE_WITHIN_MS = 5_000

export interface ProbeContext {
  /** Where its command runs. */
  readonly folder: string
  /** Given to its command, besides what a process needs to run at all. */
  readonly environment: Readonly<Record<string, string>>
  /** The logs of a part, with where to read each from. */
  readonly logsOf: (part: string) => readonly { readonly file: string; readonly from: number }[]
}

/** Asks once. Throws when there is no answer in time, or none that is a value: no data is no value, never zero. */
export function readProbe(probe: ProbeInput, context: ProbeContext): Promise<number | string> {
  const withinMs = probe.timeout ?? PROBE_WITHIN_MS
  const kind = PROBE_KINDS.find((key) => probe[key] !== undefined) ?? 'http'
  switch (kind) {
    case 'http':
      return readHttp(probe.http ?? '', { field: probe.field, withinMs })
    case 'metric':
      return readMetric(probe.metric ?? '', { url: probe.url ?? '', withinMs })
    case 'promql':
      return readPromql(probe.promql ?? '', { url: probe.url ?? '', withinMs })
    case 'sql':
      return readSql(probe.sql ?? '', { url: probe.url ?? '', withinMs })
    case 'command':
      return readCommand(probe.command ?? [], { ...context, field: probe.field ?? '', withinMs })
    case 'log':
      return readLog(probe.log ?? '', context.logsOf(probe.part ?? ''))
    default:
      return unreachable(kind)
  }
}
