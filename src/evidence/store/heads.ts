import type { Evidence } from './read-records.ts'

/**
 * Every digest the folder answers for. An edited file keeps its place under the digest written in it, so that putting
 * the original back makes the chain whole again.
 */
export function listDigests({ records, damaged }: Evidence): Set<string> {
  return new Set([...records.map(({ digest }) => digest), ...damaged.flatMap(({ stated }) => stated ?? [])])
}

/** The digests that no record names as its parent: the ends of all branches, sorted. */
export function findHeads(evidence: Evidence): string[] {
  const named = new Set(evidence.records.flatMap(({ record }) => record.parents))
  return [...listDigests(evidence)].filter((digest) => !named.has(digest)).sort()
}
