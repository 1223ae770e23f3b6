import { InvalidArgumentError, Option } from 'commander'

export function asOption(): Option {
  return new Option('--as <state>', 'which state to print')
    .choices(['was', 'claimed', 'proved', 'target'])
    .default('claimed')
}

export function formatOption(): Option {
  return new Option('--format <format>', 'how to print it').choices(['text', 'json']).default('text')
}

/** Compose files and manifests do not always say where users come in. */
export function entryOption(): Option {
  const collect = (name: string, names: string[]) => [...names, name]
  return new Option('--entry <component>', 'where users come in, for imported files; may be given several times')
    .argParser(collect)
    .default([], 'found from what the files publish')
}

export function orderOption(): Option {
  return new Option('--order <n>', 'largest number of simultaneous failures to list as cut sets')
    .argParser((text) => {
      const order = Number(text)
      if (!Number.isInteger(order) || order < 1 || order > 6)
        throw new InvalidArgumentError('Give a number from 1 to 6.')
      return order
    })
    .default(2)
}

/** Colour on a terminal only; NO_COLOR and FORCE_COLOR are respected. */
export function isColour(): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env
  if (NO_COLOR) return false
  return FORCE_COLOR ? FORCE_COLOR !== '0' : process.stdout.isTTY === true
}
