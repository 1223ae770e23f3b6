import type { Evidence } from './read-records.ts'

/**
 * Digests that no record names as its parent: the ends of all branches, sorted. An edited file keeps its place under
 * the digest written in it, so that putting the original back makes the chain whole again.
 */
export function findHeads({ records, damaged }: Evidence): string[] {
  const known = [...records.map(({ digest }) => digest), ...damaged.flatMap(({ stated }) => stated ?? [])]
  const named = new Set(records.flatMap(({ record }) => record.parents))
  return [...new Set(known)].filter((digest) => !named.has(digest)).sort()
}
