import { findHostNames } from './host-names.ts'

/**
 * The host names that a command line refers to: URLs and addresses anywhere, and bare words only as the value of an
 * option that suggests a host (`--redis-host cache`), so that `command: worker` is no reference to a host "worker".
 */
export function findHostNamesInCommand(parts: readonly string[]): string[] {
  const words = parts.flatMap((part) => part.split(/[\s"']+/)).filter((word) => word !== '')
  const found = words.flatMap((word, index) => {
    const [, option, value] = /^-{1,2}([\w.-]+)=(.*)$/.exec(word) ?? []
    if (option !== undefined && value !== undefined) return findHostNames(option, value)
    const before = /^--([\w.-]+)$/.exec(words[index - 1] ?? '')?.[1] ?? ''
    return findHostNames(word.startsWith('-') ? '' : before, word)
  })
  return [...new Set(found)]
}
