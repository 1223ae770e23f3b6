import { isPlainObject, type Problem, readYaml } from '../../source/index.ts'
import type { FrontMatter } from './page.ts'

export interface ReadFrontMatter {
  readonly frontMatter: FrontMatter | undefined
  readonly problems: readonly Problem[]
  /** Where the page's own text starts. */
  readonly end: number
}

/** What stands between `---` on the first line and the next `---`. What is no YAML is one problem, whatever it is. */
export function readFrontMatter(path: string, text: string): ReadFrontMatter {
  const opening = /^\uFEFF?---[ \t]*(?:\r\n|\n)/.exec(text)
  if (!opening) return { frontMatter: undefined, problems: [], end: 0 }
  const close = /^---[ \t]*(?:\r\n|\n|$)/gm
  close.lastIndex = opening[0].length
  const closing = close.exec(text)
  if (!closing) return { frontMatter: undefined, problems: [], end: 0 }
  const end = closing.index + closing[0].length
  // The line feed stands for the first line, so that positions are those of the page.
  const { values, problems } = readYaml({ file: path, text: `\n${text.slice(opening[0].length, closing.index)}` })
  const [value = {}] = values
  const where = { file: path, line: 1, column: 1 }
  const [first] = problems
  if (first) return { frontMatter: undefined, problems: [{ ...first, message: `Front matter: ${first.message}` }], end }
  if (values.length > 1 || !isPlainObject(value)) {
    const message = 'The front matter is not a list of properties. Write `name: value` lines between the two ---.'
    return { frontMatter: undefined, problems: [{ where, message }], end }
  }
  return { frontMatter: { value, where, start: 0, end }, problems: [], end }
}
