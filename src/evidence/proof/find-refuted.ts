import type { Finding, View } from '../../assess/index.ts'
import type { Proof } from './weigh-evidence.ts'

/** What drills hold against a state of the platform: claims of it that are refuted, and dependencies it does not know. */
export function findRefuted({ judgements, findings }: Proof, view: View): Finding[] {
  const refuted = [...new Set(view.claims.map(({ claim }) => claim.id))].flatMap((claim): Finding[] => {
    const judgement = judgements.get(claim)
    if (judgement?.verdict !== 'refuted') return []
    const message = `A drill refuted ${claim} in ${judgement.environment}: ${judgement.reason}. Mend it and drill again.`
    return [{ code: 'LP013', severity: 'error', at: claim, message }]
  })
  const undeclared = findings
    .filter(({ code }) => code === 'undeclared-dependency')
    .map(({ component, flow, message, drill, environment }): Finding => {
      const text = `${drill} in ${environment} fell where the model says nothing falls: ${message}. Add the dependency.`
      return { code: 'LP014', severity: 'error', at: component ?? flow ?? drill, message: text }
    })
  return [...refuted, ...undeclared]
}
