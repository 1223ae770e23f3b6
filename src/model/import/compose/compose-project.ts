import { isPlainObject, type PlainObject, type Position, type Problem, positionOf } from '../../../source/index.ts'
import { folderOf, joinPath, normalisePath } from '../file-paths.ts'
import type { ImportFile } from '../importer.ts'
import { mapTexts } from '../located-data.ts'
import { at, listAt, mapAt, textAt, textsAt } from '../untyped.ts'
import { type ComposeDocument, extendServices } from './extend-services.ts'
import { mergeCompose } from './merge-compose.ts'
import { findMergeTags } from './merge-tags.ts'
import { interpolate, parseEnvFile, type Variables } from './variables.ts'

/** The Compose files of one project after interpolation, `extends` and merging. */
export interface ComposeProject {
  readonly document: PlainObject
  readonly variables: Variables
  /** The first Compose file, by which paths are resolved. */
  readonly file: string
  /** The files named by `env_file` that were given, by path. */
  readonly envFiles: ReadonlyMap<string, Variables>
  readonly problems: readonly Problem[]
  readonly notes: readonly string[]
}

/** Carries out the Compose specification's order: variables, then `extends` in each file, then file over file. */
export function readComposeProject(files: readonly ImportFile[]): ComposeProject {
  const composeFiles = files.filter(({ values }) => values.some(isPlainObject))
  const file = composeFiles[0]?.file ?? ''
  const envFiles = new Map(
    files
      .filter(({ values }) => values.length === 0)
      .map((item) => [normalisePath(item.file), parseEnvFile(item.text)]),
  )
  const variables = envFiles.get(joinPath(folderOf(file), '.env')) ?? new Map<string, string>()
  const interpolation = interpolateFiles(composeFiles, variables)
  const extended = extendServices(interpolation.documents)
  const texts = new Map(composeFiles.map((item) => [item.file, item.text]))
  const document = extended.documents.reduce<PlainObject>(
    (merged, item) => mergeCompose(merged, item.document, findMergeTags(texts.get(item.file) ?? '')),
    {},
  )
  return {
    document,
    variables,
    file,
    envFiles,
    problems: [...interpolation.problems, ...extended.problems, ...findWrongShapes(extended.documents)],
    notes: [
      ...noteOverlays(composeFiles),
      ...interpolation.notes,
      ...extended.notes,
      ...noteIncludes(extended.documents, composeFiles),
    ],
  }
}

function interpolateFiles(files: readonly ImportFile[], variables: Variables) {
  const problems: Problem[] = []
  const missing = new Set<string>()
  const documents = files.flatMap(({ file, values }): ComposeDocument[] => {
    const [value] = values.filter(isPlainObject)
    if (!value) return []
    const replace = (text: string, where: Position | undefined) => {
      const result = interpolate(text, variables)
      for (const name of result.missing) missing.add(name)
      if (result.isInvalid)
        problems.push({
          where: where ?? { file, line: 1, column: 1 },
          message: `"${shorten(text)}" holds a "\${" that is no variable. Write \${NAME}, or $$ for a plain dollar sign.`,
        })
      return result.text
    }
    return [{ file, document: mapTexts(value, replace) as PlainObject }]
  })
  return { documents, problems, notes: noteMissing([...missing]) }
}

function noteMissing(names: readonly string[]): string[] {
  const [first, ...others] = names
  if (first === undefined) return []
  const count = others.length === 0 ? `The variable ${first} has` : `${names.length} variables, such as ${first}, have`
  return [`${count} no value and read as empty; a .env file beside the Compose file sets them.`]
}

function noteOverlays(files: readonly ImportFile[]): string[] {
  if (files.length < 2) return []
  return [
    `${files.length} Compose files were read as one project, each over the ones before it: ${files.map(({ file }) => file).join(', ')}.`,
  ]
}

function noteIncludes(documents: readonly ComposeDocument[], files: readonly ImportFile[]): string[] {
  const given = new Set(files.map(({ file }) => normalisePath(file)))
  const missing = documents.flatMap(({ file, document }) =>
    listAt(document, 'include')
      .flatMap((item) => (isPlainObject(item) ? textsAt(item, 'path') : textsAt(item)))
      .filter((path) => !given.has(joinPath(folderOf(file), path))),
  )
  return missing.length === 0
    ? []
    : [`Included files were not given, so their services are missing: ${missing.join(', ')}. Name them too.`]
}

function findWrongShapes(documents: readonly ComposeDocument[]): Problem[] {
  return documents.flatMap(({ file, document }) => {
    const report = (path: string[], message: string) => [
      { where: positionOf(document, path) ?? { file, line: 1, column: 1 }, message },
    ]
    const services = at(document, 'services')
    if (services !== undefined && !isPlainObject(services))
      return report(
        ['services'],
        '"services" must be a block of services by name. Write "services:" and the services below it.',
      )
    return Object.entries(mapAt(document, 'services')).flatMap(([name, service]) =>
      isPlainObject(service) || service === null
        ? []
        : report(
            ['services', name],
            `The service "${name}" must be a block of settings, such as "image: …". Correct it.`,
          ),
    )
  })
}

/** What the project is called: by its own `name`, or by the variable that Compose takes it from. */
export function projectName({ document, variables }: ComposeProject): string | undefined {
  return textAt(document, 'name') || variables.get('COMPOSE_PROJECT_NAME')
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
