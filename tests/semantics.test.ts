import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { assess, type BasicEvent, type FlowView, failTogether, type View } from '../src/assess/index.ts'
import { parseModel, type SystemModel } from '../src/model/index.ts'
import { formatProblem } from '../src/source/index.ts'

/** Every example of docs/theory/semantics.md is a test: a model, and what the assessment must say of it. */
const page = readFileSync(new URL('../docs/theory/semantics.md', import.meta.url), 'utf8')
const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```\n```expect\n([\s\S]*?)```/g)].map((match) => ({
  model: match[1] ?? '',
  expectations: (match[2] ?? '').trim().split('\n'),
  title: titleBefore(match.index),
}))

describe('docs/theory/semantics.md', () => {
  it('holds the examples', () => expect(examples.length).toBeGreaterThan(20))

  for (const [index, { model: text, expectations, title }] of examples.entries())
    describe(`example ${index + 1}: ${title}`, () => {
      const { model, problems } = parseModel([{ file: 'example.yaml', text }])
      it('is a valid model', () => expect(problems.map(formatProblem)).toEqual([]))
      for (const expectation of expectations)
        it(expectation, () => {
          const [question = '', wanted = ''] = expectation.split(': ')
          expect(answer(model as SystemModel, question)).toBe(wanted)
        })
    })
})

/** The assessment's answer, written as the page writes it. */
function answer(model: SystemModel, question: string): string {
  const view = assess(model).claimed
  const [kind, , ...rest] = question.split(' ')
  const subject = rest.join(' ')
  switch (kind) {
    case 'crash':
    case 'hang': {
      const failing = subject.split(' and ').map((component) => ({ component, mode: kind }) as const)
      const { down, degraded } = failTogether(model, failing)
      const flows = model.flows.flatMap(({ id }) =>
        down.includes(id) ? `${id} down` : degraded.includes(id) ? `${id} degraded` : [],
      )
      return flows.join(', ') || 'none'
    }
    case 'spofs':
      return writeSpofs(flowOf(view, subject), model)
    case 'pairs':
      return writePairs(flowOf(view, subject), model)
    case 'minutes':
      return flowOf(view, subject).minutesDownPerYear.toFixed(2)
    case 'risk':
      return String(Number(view.components.find(({ component }) => component.id === subject)?.risk?.toFixed(4)))
    default:
      return view.findings
        .filter(({ code }) => code !== 'LP001')
        .map(({ code, at }) => `${code} at ${at}`)
        .join(', ')
  }
}

function flowOf(view: View, id: string): FlowView {
  const flow = view.flows.find((item) => item.flow.id === id)
  if (!flow) throw new Error(`no flow ${id}`)
  return flow
}

function writeSpofs({ spofs }: FlowView, model: SystemModel): string {
  const order = ['single', 'shared-fate', 'hang', 'slow-failover', 'data-loss', 'logic']
  const byId = new Map(spofs.map((spof) => [spof.component, spof]))
  const written = model.components.flatMap(({ id }) => {
    const spof = byId.get(id)
    if (!spof) return []
    const kinds = [...spof.kinds].sort((a, b) => order.indexOf(a) - order.indexOf(b)).join(', ')
    return [`${id} (${kinds}${spof.assumed ? '; assumed' : ''})`]
  })
  return written.join(', ') || 'none'
}

/** Pairs of components (`#0` tells instances apart), whatever the modes, in the order of the model. */
function writePairs({ cutSets }: FlowView, model: SystemModel): string {
  const ids = model.components.map(({ id }) => id)
  const name = ({ component, instance }: BasicEvent) =>
    component.instances > 1 ? `${component.id}#${instance}` : component.id
  const rank = ({ component, instance }: BasicEvent) => ids.indexOf(component.id) * 100 + (instance ?? 0)
  const pairs = cutSets
    .list()
    .filter(({ order }) => order === 2)
    .map(({ events }) => [...events].sort((a, b) => rank(a) - rank(b)))
    .sort(
      ([a, b], [c, d]) =>
        rank(a as BasicEvent) - rank(c as BasicEvent) || rank(b as BasicEvent) - rank(d as BasicEvent),
    )
  return [...new Set(pairs.map((events) => events.map(name).join('+')))].join(', ')
}

function titleBefore(index: number): string {
  const text = page.slice(0, index)
  return /\*\*([^*]+)\*\*[^*]*$/.exec(text)?.[1] ?? /## ([^\n]+)[^#]*$/.exec(text)?.[1] ?? 'start'
}
