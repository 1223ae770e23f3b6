/** The representative of an element's group, shortening the way for the next search. A root is its own parent. */
export function findRoot(parents: Int32Array, element: number): number {
  let root = element
  while (parents[root] !== root) {
    parents[root] = parents[parents[root] as number] as number
    root = parents[root] as number
  }
  return root
}
