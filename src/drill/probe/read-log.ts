import { existsSync } from 'node:fs'
import { readLogFrom } from '../../lab/index.ts'

/** How many lines match since a place in each log; a log that became shorter is read from its beginning. */
export async function readLog(
  pattern: string,
  logs: readonly { readonly file: string; readonly from: number }[],
): Promise<number> {
  const wanted = new RegExp(pattern)
  let count = 0
  for (const { file, from } of logs) {
    if (!existsSync(file)) continue
    for (let place = from; ; ) {
      const { text, next } = readLogFrom(file, place)
      const end = text.lastIndexOf('\n')
      const whole = end < 0 ? text : text.slice(0, end + 1)
      count += whole.split('\n').filter((line) => line !== '' && wanted.test(line)).length
      if (end < 0 || next === place) break
      place += Buffer.byteLength(whole)
    }
  }
  return count
}
