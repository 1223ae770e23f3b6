/** A block of code that whatever is in it cannot end: its fence is longer than any in it. */
export function fence(text: string, language = ''): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const marks = '`'.repeat(longest + 1)
  return `${marks}${language}\n${text.replace(/\n$/, '')}\n${marks}`
}

/** Text of others inside a line or a cell of a table: it formats nothing and links nowhere. */
export function inline(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]<>|#!]/g, '\\$&')
}

/** `22:05:31` in UTC. */
export function clockTime(at: number): string {
  return new Date(at).toISOString().slice(11, 19)
}

export function moment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
