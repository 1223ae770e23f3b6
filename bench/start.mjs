// How long until the overview of MRG appears, from the start of the process to its first byte, beside an empty Node
// process in the same run: medians of paired runs. The parse of its YAML is measured apart.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ROUNDS = 15
const root = fileURLToPath(new URL('..', import.meta.url))
const rounds = []
for (let round = 0; round < ROUNDS; round++)
  rounds.push({
    empty: await untilFirstByte(['-e', 'console.log(1)']),
    overview: await untilFirstByte(['bin/linchpin.js', 'assess', 'mrg/vault']),
  })
const yaml = await measureYaml()
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
const empty = median(rounds.map((round) => round.empty))
const overview = median(rounds.map((round) => round.overview))
process.stdout.write(`empty Node process     ${empty.toFixed(0).padStart(5)} ms\n`)
process.stdout.write(
  `overview of MRG        ${overview.toFixed(0).padStart(5)} ms   ×${median(rounds.map((round) => round.overview / round.empty)).toFixed(1)}\n`,
)
process.stdout.write(`  of it reading YAML   ${yaml.toFixed(0).padStart(5)} ms   (in a process of its own)\n`)
process.stdout.write(`  without              ${(overview - yaml).toFixed(0).padStart(5)} ms   goal: 400\n`)

function untilFirstByte(args) {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    let first
    child.stdout.on('data', () => {
      first ??= performance.now() - start
    })
    child.on('error', reject)
    child.on('exit', () => resolve(first))
  })
}

/** As the command pays it: in a fresh process whose code is compiled (one small document first) and not yet optimised. */
async function measureYaml() {
  const script = `
    const { readYaml } = await import('./dist/source/index.js')
    const { readdirSync, readFileSync } = await import('node:fs')
    const files = readdirSync('mrg/vault/system').map((name) => ({ file: name, text: readFileSync('mrg/vault/system/' + name, 'utf8') }))
    readYaml({ file: 'small', text: 'a: [{ b: 1 }, x] # compiled now\\nc: "d"\\n' })
    const start = performance.now()
    for (const file of files) readYaml(file)
    console.log(performance.now() - start)`
  const times = []
  for (let round = 0; round < 5; round++) times.push(Number(await outputOf(['--input-type=module', '-e', script])))
  return times.sort((a, b) => a - b)[2]
}

function outputOf(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
    })
    child.on('exit', () => resolve(text))
  })
}
