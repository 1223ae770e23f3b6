import {
  isPlainObject,
  type PlainObject,
  type Position,
  type Problem,
  positionOf,
  suggestion,
} from '../../../source/index.ts'
import { folderOf, joinPath, normalisePath } from '../file-paths.ts'
import { entriesOf, locatedMap } from '../located-data.ts'
import { mapAt, textAt } from '../untyped.ts'
import { mergeService } from './merge-compose.ts'

export interface ComposeDocument {
  readonly file: string
  readonly document: PlainObject
}

/**
 * The same documents with every `extends` carried out, as the Compose specification says: before files are merged, the
 * extended service lies under the one that extends it. A file that was not given cannot be read: that is a note.
 */
export function extendServices(documents: readonly ComposeDocument[]): {
  documents: ComposeDocument[]
  problems: Problem[]
  notes: string[]
} {
  const extender = new Extender(documents)
  const extended = documents.map(({ file, document }) => {
    const services = entriesOf(mapAt(document, 'services'))
    if (!services.some(([, service]) => isPlainObject(service) && service.extends !== undefined))
      return { file, document }
    const replaced = services.map(
      ([name, service, position]) => [name, extender.extend({ file, name, service, above: [] }), position] as const,
    )
    const all = entriesOf(document).map(([key, value, position]) =>
      key === 'services'
        ? ([key, locatedMap(replaced, position), position] as const)
        : ([key, value, position] as const),
    )
    return { file, document: locatedMap(all, positionOf(document, [])) }
  })
  return { documents: extended, problems: extender.problems, notes: extender.notes }
}

interface Extension {
  readonly file: string
  readonly name: string
  readonly service: unknown
  /** The services that led here, to end circles. */
  readonly above: readonly string[]
}

class Extender {
  readonly problems: Problem[] = []
  readonly notes: string[] = []
  readonly #documents: readonly ComposeDocument[]

  constructor(documents: readonly ComposeDocument[]) {
    this.#documents = documents
  }

  extend({ file, name, service, above }: Extension): unknown {
    if (!isPlainObject(service) || service.extends === undefined) return service
    const base = this.#findBase(file, service)
    const own = locatedMap(
      entriesOf(service).filter(([key]) => key !== 'extends'),
      positionOf(service, []),
    )
    const here = `${file} ${name}`
    if (!base) return own
    if (above.includes(here)) {
      this.#report(positionOf(service, ['extends']), `"${name}" extends itself in a circle. Remove one extends.`)
      return own
    }
    const under = this.extend({ ...base, above: [...above, here] })
    return isPlainObject(under) ? mergeService(under, own) : own
  }

  #findBase(file: string, service: PlainObject): Omit<Extension, 'above'> | undefined {
    const where = positionOf(service, ['extends'])
    const name = textAt(service, 'extends', 'service') ?? textAt(service, 'extends')
    if (name === undefined) {
      this.#report(where, '"extends" names no service. Write the name of one.')
      return undefined
    }
    const named = textAt(service, 'extends', 'file')
    const wanted = named === undefined ? normalisePath(file) : joinPath(folderOf(file), named)
    const found = this.#documents.find((item) => normalisePath(item.file) === wanted)
    if (!found) {
      this.notes.push(`"${name}" of ${named} is extended, but that file was not given: what it says is missing.`)
      return undefined
    }
    const services = mapAt(found.document, 'services')
    if (Object.hasOwn(services, name)) return { file: found.file, name, service: services[name] }
    const hint = suggestion(name, Object.keys(services))
    this.#report(where, `"${name}" is extended, but is no service of ${found.file}.${hint} Fix the name.`)
    return undefined
  }

  #report(where: Position | undefined, message: string): void {
    this.problems.push({ where: where ?? { file: this.#documents[0]?.file ?? '', line: 1, column: 1 }, message })
  }
}
