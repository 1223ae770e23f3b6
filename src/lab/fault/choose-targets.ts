import { suggestion } from '../../source/index.ts'
import { BUILT_IN_FAULTS } from '../format/check-names.ts'
import type { LabPlan } from '../format/plan.ts'
import { CUT_FROM } from '../machine/machines.ts'
import { explainDeployment } from './deployment.ts'
import { LINK_FAULTS, LINK_SETTINGS } from './link-faults.ts'

export interface Wanted {
  /** A part (all its instances), an instance such as `stock.2`, or a link such as `shop>stock`. */
  readonly target: string
  readonly fault: string
  readonly settings: Readonly<Record<string, string>>
  /** The environment outside of the lab that somebody said may be broken. */
  readonly outside?: string | undefined
}

export type Chosen =
  | { readonly targets: readonly string[]; readonly settings: Readonly<Record<string, string>> }
  | { readonly mistake: string }

/** What a wish to break something means in this lab, or what is wrong with it. Nothing is touched. */
export function chooseTargets(plan: LabPlan, { target, fault, settings, outside }: Wanted): Chosen {
  if (outside !== plan.outside) return { mistake: explainOutside(plan, outside) }
  const targets = findTargets(plan, target)
  if (targets.length === 0) return { mistake: explainTarget(plan, target) }
  const known = faultsOf(plan, target)
  const defaults = known[fault]
  if (!defaults) {
    const names = Object.keys(known)
    return {
      mistake: `${target} has no fault "${fault}".${suggestion(fault, names)} It has ${names.join(', ') || 'none'}.`,
    }
  }
  const names = Object.keys(defaults)
  for (const [name, value] of Object.entries(settings)) {
    if (!names.includes(name)) {
      const all = names.length > 0 ? `It has ${names.join(', ')}.` : 'It has none.'
      return { mistake: `The fault "${fault}" has no setting "${name}".${suggestion(name, names)} ${all}` }
    }
    const form = target.includes('>') ? LINK_SETTINGS[name] : undefined
    if (form && !form.pattern.test(value))
      return { mistake: `${name}=${value} cannot be read. Write it with its unit, such as ${form.example}.` }
  }
  const mistake = fault === 'deploy' ? explainDeployment(settings) : fault === 'cut' ? explainCut(settings) : undefined
  if (mistake !== undefined) return { mistake }
  return { targets, settings: { ...defaults, ...settings } }
}

/** The names of instances or links that a target stands for; none when it is not in the lab. */
export function findTargets(plan: LabPlan, target: string): string[] {
  const links = plan.links.filter(({ name }) => name === target)
  if (links.length > 0) return [target]
  return plan.instances.filter(({ name, part }) => name === target || part === target).map(({ name }) => name)
}

/** Why a target is not in the lab, and what is. */
export function explainTarget(plan: LabPlan, target: string): string {
  const names = [
    ...new Set(plan.instances.flatMap(({ name, part }) => [part, name])),
    ...plan.links.map(({ name }) => name),
  ]
  const cure = suggestion(target, names) || ` It has ${names.join(', ')}.`
  return `The lab has no part or link "${target}" in the profile ${plan.profile}.${cure}`
}

/** Why something is not broken that may not be a lab's own, or that is not where somebody thinks. */
function explainOutside(plan: LabPlan, confirmed: string | undefined): string {
  if (plan.outside === undefined) return `The lab ${plan.lab} is not in ${confirmed}. Leave --confirm out.`
  return `${plan.lab} stands for what others run in ${plan.outside}, and nobody has said that it may be broken. Say so with --confirm ${plan.outside}.`
}

/** What others run is broken only in the ways that its file declares. */
function faultsOf(plan: LabPlan, target: string): Record<string, Readonly<Record<string, string>>> {
  if (plan.outside === undefined && plan.links.some(({ name }) => name === target))
    return Object.fromEntries(Object.entries(LINK_FAULTS).map(([name, { settings }]) => [name, settings]))
  const instance = plan.instances.find(({ name, part }) => name === target || part === target)
  const declared = (instance?.faults ?? []).map(({ name, settings }) => [name, settings] as const)
  if (plan.outside !== undefined) return Object.fromEntries(declared)
  const { cut, ...always } = BUILT_IN_FAULTS
  return { ...always, ...(instance?.machine && cut && { cut }), ...Object.fromEntries(declared) }
}

function explainCut({ from }: Readonly<Record<string, string>>): string | undefined {
  if (from === undefined || CUT_FROM.some((one) => one === from)) return undefined
  return `A machine is cut off from ${CUT_FROM.join(' or ')}, not from "${from}".`
}
