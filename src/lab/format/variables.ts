import { isPlainObject, suggestion } from '../../source/index.ts'

/** The text with every `${name}` filled in, or what is wrong with it. `$${` stands for a plain `${`. */
export type Filled = { readonly text: string } | { readonly mistake: string }

const VARIABLE = /\$?\$\{([^}]*)\}/g

/**
 * Fills in variables. `values` knows what each name stands for; `${setting.NAME}` stays as it is, for the moment when a
 * fault is applied.
 */
export function fillIn(text: string, values: ReadonlyMap<string, string>): Filled {
  let mistake: string | undefined
  const filled = text.replace(VARIABLE, (whole, name: string) => {
    if (whole.startsWith('$$')) return whole.slice(1)
    if (name.startsWith('setting.')) return whole
    const value = values.get(name)
    if (value === undefined) mistake ??= explainUnknown(name, values)
    return value ?? whole
  })
  return mistake === undefined ? { text: filled } : { mistake }
}

/** The names that a text uses, such as `env.TOKEN`. */
export function namesIn(text: string): string[] {
  return [...text.matchAll(VARIABLE)].filter(([whole]) => !whole.startsWith('$$')).map(([, name = '']) => name)
}

function explainUnknown(name: string, values: ReadonlyMap<string, string>): string {
  if (name.startsWith('env.'))
    return `The environment variable ${name.slice(4)} is not set. Set it first, or remove \${${name}}.`
  return `"\${${name}}" is not a variable here.${suggestion(name, values.keys())} Correct it; the guide lists them.`
}

/** Settings of a fault in the text of its call; every name was checked when the lab was read. */
export function fillInSettings(text: string, settings: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{setting\.([^}]*)\}/g, (whole, name: string) => settings[name] ?? whole)
}

/** Whether we can ask it: a lab is on this machine, so plain http is what its parts speak. */
export function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'http:'
}

/** Plain data with each of its texts changed. */
export function mapTexts(value: unknown, change: (text: string) => unknown): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change))
  if (!isPlainObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]))
}
