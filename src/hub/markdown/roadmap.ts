import type { Judgement } from '../../evidence/index.ts'
import type { Mitigation } from '../../model/index.ts'
import { sayDays } from '../days.ts'
import { sayVerdict } from '../terminal/proof.ts'
import type { RegionSources } from './sources.ts'
import { code, plain } from './text.ts'

/** The mitigations of the model by sprint. A box is ticked by a record and by nothing else. */
export function writeRoadmap({ assessment, proof }: RegionSources): string {
  const { mitigations } = assessment.model
  if (mitigations.length === 0) return 'The model states no mitigation.'
  const proved = new Set(assessment.proved.mitigations)
  const sprints = [...new Set(mitigations.map(({ sprint }) => sprint))]
  const sections = sprints.map((sprint) => {
    const items = mitigations.filter((mitigation) => mitigation.sprint === sprint).sort(byPriority)
    const lines = items.map((item) => {
      const judgements = item.claims.flatMap((claim) => proof.judgements.get(claim) ?? [])
      return writeItem(item, { isProved: proved.has(item.id), judgements })
    })
    return `### ${nameSprint(sprint)}\n\n${lines.join('\n')}`
  })
  const open = mitigations.filter(({ state }) => state !== 'in-place').length
  const unproved = mitigations.length - open - proved.size
  const sum = `${mitigations.length} items: ${proved.size} proved, ${unproved} in place but *unproved*, ${open} open.`
  return [sum, ...sections].join('\n\n')
}

function nameSprint(sprint: string | undefined): string {
  if (sprint === undefined) return 'Not planned yet'
  return /^\d/.test(sprint) ? `Sprint ${plain(sprint)}` : plain(sprint)
}

function byPriority(a: Mitigation, b: Mitigation): number {
  return (a.priority ?? 'P9') < (b.priority ?? 'P9') ? -1 : (a.priority ?? 'P9') > (b.priority ?? 'P9') ? 1 : 0
}

interface Shown {
  readonly isProved: boolean
  readonly judgements: readonly Judgement[]
}

function writeItem(item: Mitigation, shown: Shown): string {
  const effort = item.effortMs === undefined ? '' : ` (${sayDays(item.effortMs)})`
  const priority = item.priority === undefined ? '' : `${item.priority} · `
  return `- [${shown.isProved ? 'x' : ' '}] ${priority}**${plain(item.title)}**${effort}: ${sayState(item, shown)}`
}

function sayState({ state, claims }: Mitigation, { isProved, judgements }: Shown): string {
  if (state === 'planned') return 'planned'
  if (state === 'in-progress') return 'in progress'
  if (isProved)
    return `proved in ${[...new Set(judgements.map(({ environment }) => environment))].join(', ')} until ${firstEnd(judgements)}`
  if (claims.length === 0) return 'in place, *unproved*: it claims nothing that a drill could show'
  const open =
    judgements.find(({ verdict }) => verdict === 'refuted') ?? judgements.find(({ verdict }) => verdict !== 'supported')
  const why = open === undefined ? 'the model has no such claim' : `${code(open.claim)} is ${plain(sayVerdict(open))}`
  const others = judgements.filter(({ verdict }) => verdict !== 'supported').length - 1
  return `in place, *unproved*: ${why}${others > 0 ? `, and ${others} more ${others === 1 ? 'claim' : 'claims'}` : ''}`
}

/** The first of its claims to expire takes the tick away. */
function firstEnd(judgements: readonly Judgement[]): string {
  return (
    judgements
      .flatMap(({ expiresAt }) => expiresAt ?? [])
      .sort()[0]
      ?.slice(0, 10) ?? '–'
  )
}
