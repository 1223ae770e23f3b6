import type { Link } from './page.ts'

/** A link before its place is worked out for people. */
export type FoundLink = Omit<Link, 'where' | 'heading'>

/** `page#Heading#Below it` or `page#^block`. */
export function splitAddress(address: string): Pick<FoundLink, 'target' | 'headings' | 'block'> {
  const [target = '', ...parts] = address.split('#').map((part) => part.trim())
  const block = parts.at(-1)?.startsWith('^') ? parts.pop()?.slice(1) : undefined
  return { target, headings: parts.filter((part) => part !== ''), block }
}
