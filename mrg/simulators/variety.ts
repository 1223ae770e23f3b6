import { createHash } from 'node:crypto'

/** A number from 0 to below 1 that looks random and is always the same for the same seed. */
export function vary(seed: string): number {
  return createHash('sha256').update(seed).digest().readUInt32BE(0) / 2 ** 32
}

/** One of the list, always the same for the same seed. */
export function pick<Item>(list: readonly [Item, ...Item[]], seed: string): Item {
  return list[Math.floor(vary(seed) * list.length)] ?? list[0]
}
