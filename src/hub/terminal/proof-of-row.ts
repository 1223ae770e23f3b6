import type { NextStep } from '../../assess/index.ts'
import type { Judgement, Proof } from '../../evidence/index.ts'
import type { Mitigation, SystemModel } from '../../model/index.ts'
import { sayVerdict } from './proof.ts'

/** The mitigations in place that made the bar of a component shorter because drills proved them, one line each. */
export function sayProved(model: SystemModel, proof: Proof, component: string): string[] {
  return model.mitigations
    .filter((mitigation) => mitigation.state === 'in-place' && isAbout(mitigation, component))
    .filter(({ claims }) => claims.length > 0 && claims.every((claim) => proof.support.supported.has(claim)))
    .map((mitigation) => `✓ ${mitigation.title}: proved in ${environmentsOf(mitigation, proof).join(', ')}`)
}

/** A step that asks for proof, with the first claim that lacks it and the drill that tries it: a refuted one is mended first. */
export function sayProveStep(model: SystemModel, proof: Proof, step: NextStep): string {
  const mitigation = model.mitigations.find(({ id }) => id === step.mitigation)
  const open = mitigation && judgementsOf(mitigation, proof).find(({ verdict }) => verdict !== 'supported')
  if (!open) return step.text
  const drill = proof.due.find(({ claims }) => claims.includes(open))?.drill
  const run = drill === undefined ? '' : `: linchpin drill run ${drill}`
  const text = open.verdict === 'refuted' ? `Mend and prove: ${mitigation.title}` : step.text
  return `${text} (${open.claim} is ${sayVerdict(open)})${run}`
}

function isAbout({ touches, dependencyTargets }: Mitigation, component: string): boolean {
  return touches.includes(component) || dependencyTargets.includes(component)
}

function environmentsOf(mitigation: Mitigation, proof: Proof): string[] {
  return [...new Set(judgementsOf(mitigation, proof).flatMap(({ environment }) => environment ?? []))]
}

function judgementsOf({ claims }: Mitigation, { judgements }: Proof): Judgement[] {
  return claims.flatMap((claim) => judgements.get(claim) ?? [])
}
