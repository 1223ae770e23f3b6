/** Ends every `switch` over a union: a new case that nobody handled is a compile error here. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${String(value)}`)
}
