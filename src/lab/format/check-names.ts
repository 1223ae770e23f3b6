import { locate, type PathStep, type PlainObject, type Problem, suggestion } from '../../source/index.ts'
import type { LabInput, PartInput } from './schema.ts'
import { findCycle } from './start-order.ts'
import { isHttpUrl, namesIn } from './variables.ts'

/** A lab that fits the schema, with the plain data it came from, for positions. */
export interface WrittenLab {
  readonly input: LabInput
  readonly value: PlainObject
  readonly file: string
}

/**
 * What parts may be broken by without declaring anything, with the settings of each and their defaults. Only what runs
 * on a machine of its own can be cut off.
 */
export const BUILT_IN_FAULTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  kill: {},
  freeze: {},
  deploy: { command: '', environment: '' },
  cut: { from: 'everyone' },
}

/** Every name that stands for a part, a profile or a setting must be one. */
export function checkNames(lab: WrittenLab, profile: string | undefined): Problem[] {
  const parts = Object.keys(lab.input.parts)
  const problems: Problem[] = []
  const complain = (path: readonly PathStep[], message: string) =>
    problems.push({ where: locate(lab.value, path, lab.file), message })
  const checkPart = (name: string, path: readonly PathStep[]) => {
    if (parts.includes(name)) return
    complain(path, `"${name}" is not a part.${suggestion(name, parts)} Correct it or declare it under parts.`)
  }

  if (parts.length === 0) complain(['parts'], 'The lab has no parts. Declare one.')
  for (const [name, profile] of Object.entries(lab.input.profiles ?? {})) {
    for (const key of ['parts', 'without'] as const)
      for (const [i, member] of (profile[key] ?? []).entries()) checkPart(member, ['profiles', name, key, i])
    for (const member of Object.keys(profile.instances ?? {}))
      checkPart(member, ['profiles', name, 'instances', member])
  }
  for (const [name, part] of Object.entries(lab.input.parts)) {
    checkKind(part, lab.input.outside, (path, message) => complain(['parts', name, ...path], message))
    for (const [i, needed] of (part['depends-on'] ?? []).entries()) checkPart(needed, ['parts', name, 'depends-on', i])
    for (const target of Object.keys(part.links ?? {})) checkLink(lab, name, target, checkPart, complain)
    checkFaults(part, (path, message) => complain(['parts', name, 'faults', ...path], message))
    for (const path of Object.keys(part.files ?? {}))
      if (path.startsWith('/') || path.split('/').includes('..'))
        complain(
          ['parts', name, 'files', path],
          `"${path}" lies outside the part's data folder. Give a path inside it.`,
        )
  }
  checkProfile(lab, profile, complain)
  const needs = Object.entries(lab.input.parts).map(([name, part]) => [name, part['depends-on'] ?? []] as const)
  const cycle = findCycle(new Map(needs))
  if (cycle)
    complain(
      ['parts', cycle[0] ?? '', 'depends-on'],
      `The parts wait for each other: ${cycle.join(' → ')}. Remove one depends-on.`,
    )
  return problems
}

/** A part has a command, or is of a kind that has one; what others run needs neither. */
function checkKind(part: PartInput, outside: string | undefined, complain: Complain): void {
  if (outside !== undefined && part.kind !== undefined)
    complain(['kind'], `The parts are run by others in ${outside}, and this kind would be run here. Remove this key.`)
  if (part.kind === undefined) {
    if (part.command === undefined && outside === undefined)
      complain([], 'The part has no command. Add the key command.')
    for (const key of ['database', 'settings'] as const)
      if (part[key] !== undefined)
        complain([key], `"${key}" is for parts of kind postgresql. Remove it, or add the kind.`)
    return
  }
  for (const key of ['command', 'prepare', 'folder'] as const)
    if (part[key] !== undefined) complain([key], `A part of kind ${part.kind} has its own ${key}. Remove this key.`)
  if (part.port === undefined) complain([], `A part of kind ${part.kind} needs a port. Add the key port.`)
}

type Complain = (path: readonly PathStep[], message: string) => void

function checkLink(
  lab: WrittenLab,
  caller: string,
  target: string,
  checkPart: (name: string, path: readonly PathStep[]) => void,
  complain: Complain,
): void {
  const path = ['parts', caller, 'links', target]
  checkPart(target, path)
  const part = lab.input.parts[target]
  if (part && part.port === undefined)
    complain(path, `The part "${target}" has no port to link to. Give it one with the key port.`)
  if (part?.machine !== undefined)
    complain(path, `The part "${target}" runs on a machine of its own, which is cut off itself. Remove the link.`)
}

function checkFaults(part: PartInput, complain: Complain): void {
  for (const [name, fault] of Object.entries(part.faults ?? {})) {
    if (name in BUILT_IN_FAULTS) complain([name], `Every part has the fault "${name}" already. Rename this one.`)
    const settings = Object.keys(fault.settings ?? {})
    for (const key of ['apply', 'mend'] as const) {
      const [, url] = /^(?:[A-Z]+\s+)?(.*)$/.exec(fault[key].http ?? '') ?? []
      if (fault[key].http !== undefined && !isHttpUrl((url ?? '').replace(/\$\{[^}]*\}/g, '1')))
        complain(
          [name, key],
          `"${fault[key].http}" is not a method and an http URL, such as "POST http://…". Correct it.`,
        )
      for (const used of namesIn(JSON.stringify(fault[key]))) {
        if (!used.startsWith('setting.') || settings.includes(used.slice(8))) continue
        const cure = suggestion(used.slice(8), settings)
        complain([name, key], `"\${${used}}" has no default.${cure} Declare it under settings of this fault.`)
      }
    }
  }
}

function checkProfile(lab: WrittenLab, profile: string | undefined, complain: Complain): void {
  const profiles = Object.keys(lab.input.profiles ?? {})
  if (profile === undefined || profiles.includes(profile)) return
  const known = profiles.length > 0 ? `It has ${profiles.join(', ')}.` : 'It declares no profiles; leave --profile out.'
  complain(['profiles'], `The lab has no profile "${profile}".${suggestion(profile, profiles) || ` ${known}`}`)
}
