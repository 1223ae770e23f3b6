import * as z from 'zod'

/** What goes over the wire is read and never changed. */
export function list<Item extends z.ZodType>(item: Item) {
  return z.array(item).readonly()
}

export const texts = list(z.string())
/** A share from 0 to 1. */
export const share = z.number()
/** A moment, such as `2026-01-31T03:00:00.000Z`. */
export const instant = z.string()
