/**
 * The words of a command that no shell reads: separated by spaces or line ends, 'single' or "double" quotes keep a word
 * together, a backslash keeps the next character. Nothing else has a meaning: no variables, pipes or patterns.
 * Undefined when a quote is not closed.
 */
export function splitWords(command: string): string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  for (let i = 0; i < command.length; i++) {
    const char = command[i] ?? ''
    if (char === "'" || char === '"') {
      const [text, end] = readQuoted(command, i)
      if (end === -1) return undefined
      word = (word ?? '') + text
      i = end
    } else if (char === '\\' && i + 1 < command.length) {
      i += 1
      if (command[i] !== '\n') word = (word ?? '') + command[i]
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + char
  }
  return word === undefined ? words : [...words, word]
}

function readQuoted(command: string, start: number): [string, number] {
  const quote = command[start]
  let text = ''
  for (let i = start + 1; i < command.length; i++) {
    if (command[i] === quote) return [text, i]
    if (quote === '"' && command[i] === '\\' && '"\\'.includes(command[i + 1] ?? ' ')) i += 1
    text += command[i]
  }
  return [text, -1]
}
