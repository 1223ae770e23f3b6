import type { Waiver } from '../../model/index.ts'
import type { Finding } from '../view.ts'

export interface Waived {
  readonly findings: readonly Finding[]
  /** Findings that a waiver holds back, with its reason. */
  readonly held: readonly { readonly finding: Finding; readonly waiver: Waiver }[]
}

/**
 * Applies the waivers of the model as of a day (`YYYY-MM-DD`). A waiver past its day holds nothing back and is a
 * finding itself; one that matches nothing is a note, so that waivers do not pile up.
 */
export function waive(findings: readonly Finding[], waivers: readonly Waiver[], today: string): Waived {
  const valid = waivers.filter((waiver) => waiver.until >= today)
  const waiverOf = (finding: Finding) =>
    valid.find(({ finding: code, at }) => code === finding.code && at === finding.at)
  const held = findings.flatMap((finding) => {
    const waiver = waiverOf(finding)
    return waiver ? [{ finding, waiver }] : []
  })
  const used = new Set(held.map(({ waiver }) => waiver))
  const expired = waivers.filter((waiver) => waiver.until < today).map(expiry)
  const unused = valid.filter((waiver) => !used.has(waiver)).map(uselessness)
  return { findings: [...findings.filter((finding) => !waiverOf(finding)), ...expired, ...unused], held }
}

function expiry({ finding, at, until, reason }: Waiver): Finding {
  const message = `The waiver of ${finding} for ${at} (${reason}) ended on ${until}. Mend the cause or renew the waiver.`
  return { code: 'LP020', severity: 'error', at, message }
}

function uselessness({ finding, at }: Waiver): Finding {
  return {
    code: 'LP021',
    severity: 'note',
    at,
    message: `The waiver of ${finding} for ${at} matches nothing. Remove it.`,
  }
}
