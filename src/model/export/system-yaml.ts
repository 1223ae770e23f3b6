import { Document, isMap, type Pair, type YAMLMap } from 'yaml'
import type { SystemDocument } from '../system-model.ts'

/** What still fits a line behind a dependency's name. */
const LINE_MAX = 90

/** A document as the text of a system file: what an importer read, ready to be corrected by hand. */
export function writeSystemYaml(document: SystemDocument, heading: readonly string[]): string {
  const yaml = new Document(document)
  for (const section of ['flows', 'components']) {
    const block = yaml.get(section, true)
    if (isMap(block)) for (const item of block.items) spread(item as Pair)
  }
  yaml.commentBefore = heading.map((line) => ` ${line}`).join('\n')
  return yaml.toString({ lineWidth: 120, flowCollectionPadding: true })
}

/** Flows fit a line; a component has a line for each fact and for each dependency. */
function spread({ value }: Pair): void {
  if (!isMap(value)) return
  const dependencies = (value as YAMLMap).get('depends-on', true)
  if (dependencies === undefined) value.flow = (value as YAMLMap).items.length <= 5
  if (!isMap(dependencies)) return
  for (const { value: dependency } of dependencies.items)
    if (isMap(dependency)) dependency.flow = JSON.stringify(dependency.toJSON()).length <= LINE_MAX
}
