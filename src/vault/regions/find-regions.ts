import { type Problem, suggestion } from '../../source/index.ts'
import type { Comment, Page } from '../page/page.ts'

/** A stretch of a page that is written by the tool, between two comments that stand alone on their lines. */
export interface Region {
  readonly name: string
  readonly opening: Comment
  readonly closing: Comment
}

const OPENING = /^linchpin:\s*(.*?)\s*$/
const CLOSING = '/linchpin'

/** The regions of a page, and what is wrong with the marks of others. Marks in code are text. */
export function findRegions({ comments }: Page, names: readonly string[]): { regions: Region[]; problems: Problem[] } {
  const regions: Region[] = []
  const problems: Problem[] = []
  let open: { name: string; comment: Comment; isWrong: boolean } | undefined
  const report = ({ where }: Comment, message: string) => problems.push({ where, message })
  for (const comment of comments) {
    const name = OPENING.exec(comment.text)?.[1]
    if (name === undefined && comment.text !== CLOSING) continue
    if (name === undefined) {
      if (!open)
        report(comment, 'Nothing is open that <!-- /linchpin --> could close. Remove it, or add its opening mark.')
      else if (!open.isWrong) regions.push({ name: open.name, opening: open.comment, closing: comment })
      open = undefined
    } else if (open) {
      report(comment, `The region "${name}" starts within "${open.name}". Close that with <!-- /linchpin --> first.`)
      open.isWrong = true
    } else {
      const wrong = findFault(comment, name, names)
      if (wrong) report(comment, wrong)
      open = { name, comment, isWrong: wrong !== undefined }
    }
  }
  if (open && !open.isWrong)
    report(open.comment, `The region "${open.name}" is not closed. Write <!-- /linchpin --> on the line after it.`)
  return { regions, problems }
}

function findFault({ where }: Comment, name: string, names: readonly string[]): string | undefined {
  if (!names.includes(name))
    return `There is no region "${name}".${suggestion(name, names) || ` There are ${names.join(', ')}.`} Correct the name.`
  return where.column === 1
    ? undefined
    : `The region "${name}" is indented. Start its marks at the beginning of a line.`
}
