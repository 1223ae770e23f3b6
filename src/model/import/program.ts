const SHELL = /^(CMD|CMD-SHELL|(\/(usr\/)?bin\/)?(ba|da|a)?sh|exec|-[a-z]+)$/

const LENGTH_MAX = 100

/** The program that a command runs, without the shell around it and without its arguments, which may hold passwords. */
export function programOf(command: readonly string[]): string | undefined {
  const words = command.flatMap((part) => part.split(/\s+/)).filter((word) => !SHELL.test(word))
  return words.flatMap((word) => /[\w./-]*\w/.exec(word.slice(0, LENGTH_MAX)) ?? [])[0]
}
