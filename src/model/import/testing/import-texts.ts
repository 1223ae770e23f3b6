import { isPlainObject, readYaml } from '../../../source/index.ts'
import type { Imported, Importer } from '../importer.ts'
import { at, listAt, mapAt, textAt } from '../untyped.ts'

/** Lets an importer read texts, by file name; `.env` files hold no YAML. */
export function importTexts(
  importer: Importer,
  texts: Record<string, string>,
  entries: readonly string[] = [],
): Imported {
  const files = Object.entries(texts).map(([file, text]) => ({
    file,
    text,
    values: importer.sideFile?.test(file) ? [] : readYaml({ file, text }).values,
  }))
  return importer.read(files, { entries })
}

/** Every dependency of a document in one line: `web>db unknown: depends_on, env DB_HOST`. */
export function listDependencies({ document }: Imported): string[] {
  return Object.entries(mapAt(document, 'components')).flatMap(([caller, component]) =>
    Object.entries(mapAt(component, 'depends-on')).map(([target, dependency]) => {
      const anyOf = Object.keys(mapAt(dependency, 'any-of'))
      const group = anyOf.length > 0 ? ` any of ${anyOf.join(' ')}` : ''
      return `${caller}>${target} ${textAt(dependency, 'strength')}${group}: ${listAt(dependency, 'evidence').join(', ')}`
    }),
  )
}

export function listEntries({ document }: Imported): string[] {
  return Object.values(mapAt(document, 'flows')).flatMap((flow) => textAt(flow, 'entry') ?? [])
}

/** A component without its dependencies. */
export function factsOf({ document }: Imported, id: string): unknown {
  const component = at(document, 'components', id)
  if (!isPlainObject(component)) return component
  const { 'depends-on': _, ...facts } = component
  return facts
}
