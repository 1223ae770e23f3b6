import type { LabInput } from './schema.ts'

/** The parts that run in a profile: those it names, or all but those it leaves out. */
export function membersOf({ parts, profiles }: LabInput, profile: string): string[] {
  const { parts: wanted, without = [] } = profiles?.[profile] ?? {}
  return wanted ?? Object.keys(parts).filter((part) => !without.includes(part))
}

/** The lab with as many instances of each part as the profile wants; undefined is the first profile. */
export function applyProfile(input: LabInput, profile: string | undefined): LabInput {
  const { instances } = input.profiles?.[profile ?? Object.keys(input.profiles ?? {})[0] ?? ''] ?? {}
  if (!instances) return input
  const parts = Object.entries(input.parts).map(([name, part]) => {
    const wanted = instances[name]
    return [name, wanted === undefined ? part : { ...part, instances: wanted }] as const
  })
  return { ...input, parts: Object.fromEntries(parts) }
}
