// How long a vault of 5,000 notes takes to index, to check, and to follow one change: medians of five runs after a
// warm-up, and the peak memory. `node bench/vault.mjs [notes]`. Nothing is asserted: figures are for people.
import { buildVault, checkVault, findBacklinks, updateVault } from '../dist/vault/index.js'

const RUNS = 5
const notes = Number(process.argv[2] ?? 5_000)
const texts = Array.from({ length: notes }, (_, i) => ({ file: pathOf(i), text: writeNote(i) }))
const characters = texts.reduce((sum, { text }) => sum + text.length, 0)
buildVault({ texts: texts.slice(0, 500) })

const vault = buildVault({ texts })
const links = [...vault.pages.values()].reduce((sum, page) => sum + page.links.length, 0)
const checked = { today: '2026-01-01', components: undefined, regions: [] }
const findings = checkVault(vault, checked).length
process.stdout.write(
  `${notes} notes, ${(characters / 1e6).toFixed(1)} million characters, ${links} links, ${findings} findings\n`,
)
report('index', () => buildVault({ texts }))
report('check', () => checkVault(vault, checked))
report('one change', () => updateVault(vault, pathOf(7), `${writeNote(7)}\n[[note-9]]\n`))
report('backlinks of one note', () => findBacklinks(vault, pathOf(8)))
process.stdout.write(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB\n`)

function report(name, work) {
  const times = Array.from({ length: RUNS }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  }).sort((a, b) => a - b)
  process.stdout.write(`${name.padEnd(24)}${times[Math.floor(RUNS / 2)].toFixed(1).padStart(10)} ms\n`)
}

function pathOf(i) {
  return `area-${i % 20}/topic-${i % 200}/note-${i}.md`
}

/** About 2,000 characters: properties, headings, a list, a table, a fence, links by name, by path and to a heading. */
function writeNote(i) {
  const other = (step) => (i * 7 + step) % notes
  const rows = Array.from({ length: 6 }, (_, k) => `| row ${k} | [[note-${other(k)}\\|shown]] | ${'word '.repeat(6)}|`)
  return [
    `---\ntype: note\nreview: quarterly\nreviewed: 2025-12-01\nrelated: "[[note-${other(11)}]]"\n---`,
    `# Note ${i}`,
    `${'Some words of a sentence that says something. '.repeat(6)}See [[note-${other(1)}#Details]].`,
    `## Details`,
    `- one, with [[area-${other(2) % 20}/topic-${other(2) % 200}/note-${other(2)}|a path]]\n- two \`code [[not-a-link]]\`\n- three ^end`,
    `| A | B | C |\n|---|---|---|\n${rows.join('\n')}`,
    `\`\`\`bash {step=check}\necho "[[not a link]]"\n\`\`\``,
    `## More\n\n${'And more text follows here, of the usual kind. '.repeat(10)}`,
  ].join('\n\n')
}
