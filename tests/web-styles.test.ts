import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const web = fileURLToPath(new URL('../web/src', import.meta.url))
const styles = fileURLToPath(new URL('../node_modules/@mantine/core/styles', import.meta.url))

/** What the pages take from Mantine. */
function findComponents(): string[] {
  const files = readdirSync(web, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name))
  const texts = files.map((name) => readFileSync(join(web, name), 'utf8'))
  const lists = texts.flatMap((text) => [...text.matchAll(/import\s+\{([^}]*)\}\s+from\s+'@mantine\/core'/g)])
  return [...new Set(lists.flatMap(([, list = '']) => list.split(',').map((name) => name.trim())))]
}

it('the styles of every component of the pages are there', () => {
  const text = readFileSync(join(web, 'styles.ts'), 'utf8')
  const missing = findComponents()
    .filter((name) => existsSync(join(styles, `${name}.css`)))
    .filter((name) => !text.includes(`/${name}.css'`))
  expect(missing).toEqual([])
})
