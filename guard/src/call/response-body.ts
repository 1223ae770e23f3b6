interface BodyStream {
  getReader?: unknown
  cancel?: () => Promise<unknown>
}

/** True for the `Response` of fetch, or anything shaped like it, whose body has still to be read. Never throws. */
export function hasUnreadBody(result: unknown): boolean {
  try {
    return typeof bodyOf(result)?.getReader === 'function' && (result as { bodyUsed?: unknown }).bodyUsed !== true
  } catch {
    return false
  }
}

/** Frees the connection of a response nobody will read. Never throws. */
export function discardBody(result: unknown): void {
  if (hasUnreadBody(result))
    bodyOf(result)
      ?.cancel?.()
      .catch(() => undefined)
}

function bodyOf(result: unknown): BodyStream | null | undefined {
  return typeof result === 'object' && result !== null ? (result as { body?: BodyStream | null }).body : undefined
}
