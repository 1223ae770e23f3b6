import { openJournal } from './journal.ts'

/** What the caller is told of a change. */
export interface Callback {
  readonly eventId: string
  readonly body: Readonly<Record<string, unknown>>
}

/** A change and the callback that tells of it are one line: a crash leaves both or neither. */
type Line<Change> =
  | { readonly change: Change; readonly callback?: Callback }
  | { readonly eventId: string; readonly outcome: Outcome }
type Outcome = 'delivered' | 'abandoned'

/** What a simulator knows: every change it made, in the order it made them, and the callbacks still owed. */
export interface Books<Change> extends Owed {
  /** Writes the change down, then applies it: what is in memory is always in the file. */
  write(change: Change, callback?: Callback): void
}

export interface Owed {
  /** Hands over every callback still owed, and each new one as it is written. */
  watch(watcher: (callback: Callback) => void): void
  settle(eventId: string, outcome: Outcome): void
  owed(): number
}

/** Opens `books.jsonl` in the folder; changes made by earlier processes are applied first. */
export function openBooks<Change>(folder: string, apply: (change: Change) => void): Books<Change> {
  const owed = new Map<string, Callback>()
  let watcher: (callback: Callback) => void = () => undefined
  const read = (line: Line<Change>) => {
    if ('outcome' in line) return void owed.delete(line.eventId)
    apply(line.change)
    if (line.callback) owed.set(line.callback.eventId, line.callback)
  }
  const journal = openJournal<Line<Change>>({ folder, file: 'books.jsonl', read })
  const write = (line: Line<Change>) => {
    journal.append(line)
    read(line)
  }
  return {
    write(change, callback) {
      write({ change, ...(callback && { callback }) })
      if (callback) watcher(callback)
    },
    watch(next) {
      watcher = next
      for (const callback of owed.values()) watcher(callback)
    },
    settle: (eventId, outcome) => write({ eventId, outcome }),
    owed: () => owed.size,
  }
}
