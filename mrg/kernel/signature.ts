import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** HMAC-SHA256 of `text`, in hex: how callbacks and tokens of this platform are signed. */
export function sign(text: string, key: string): string {
  return createHmac('sha256', key).update(text).digest('hex')
}

export function isSignedBy(text: string, signature: string | undefined, key: string): boolean {
  return signature !== undefined && isSame(signature, sign(text, key))
}

/** Compares two secrets in a time that does not tell where they differ. */
export function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
