// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Compose writes its variables like this.
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { parseModel } from '../parse-model.ts'
import { compose } from './compose.ts'
import type { Importer } from './importer.ts'
import { kubernetes } from './kubernetes.ts'

/** Words of both formats, so that junk reaches deep into the importers. */
const word = fc.constantFrom(
  ...'services a b depends_on environment env_file links networks ports command extends service file deploy replicas healthcheck test profiles labels image include null __proto__ constructor toString'.split(
    ' ',
  ),
  ...'apiVersion kind metadata name namespace labels spec template containers initContainers env envFrom value valueFrom configMapKeyRef selector app rules http paths backend serviceName items Deployment Service List Ingress ConfigMap StatefulSet HorizontalPodAutoscaler scaleTargetRef data volumes configMap affinity podAntiAffinity topologySpreadConstraints'.split(
    ' ',
  ),
  ...['${A:-b}', '${', 'http://b:80', '{{ x }}', 'postgres:16', '8080:80', '-1', ''],
)
const junk = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', maxDepth: 7 },
    fc.oneof(word, fc.integer({ min: -1, max: 9 }), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(word, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value

/** Junk hung into the places that the importers read. */
const composeLike = fc.record({
  services: fc.oneof(junk, fc.dictionary(word, junk, { maxKeys: 4, noNullPrototype: true })),
  networks: junk,
  include: junk,
})
const manifestLike = fc.record({
  apiVersion: fc.constantFrom('v1', 'apps/v1', 'postgresql.cnpg.io/v1'),
  kind: fc.constantFrom(
    'Deployment',
    'Service',
    'StatefulSet',
    'Ingress',
    'ConfigMap',
    'VirtualService',
    'HTTPRoute',
    'HorizontalPodAutoscaler',
    'PodDisruptionBudget',
    'Cluster',
    'List',
  ),
  metadata: fc.oneof(junk, fc.record({ name: word, labels: junk })),
  spec: fc.oneof(
    junk,
    fc.record({ template: fc.record({ metadata: junk, spec: junk }), selector: junk, rules: junk, replicas: junk }),
  ),
  data: junk,
  items: junk,
})

const formats: [Importer, fc.Arbitrary<unknown>][] = [
  [compose, composeLike],
  [kubernetes, manifestLike],
]

describe('junk never throws', () => {
  for (const [importer, like] of formats) {
    it(`in ${importer.name}, read alone`, () => {
      fc.assert(
        fc.property(fc.array(fc.oneof(junk, like), { maxLength: 4 }), (values) => {
          importer.read(
            [
              { file: 'x.yaml', text: '', values },
              { file: '.env', text: 'A=1', values: [] },
            ],
            { entries: [] },
          )
        }),
        { numRuns: 1_000 },
      )
    })
    it(`in ${importer.name}, as a whole model`, () => {
      fc.assert(
        fc.property(fc.array(like, { minLength: 1, maxLength: 3 }), (values) => {
          parseModel(values.map((value, i) => ({ file: `${i}.yaml`, text: JSON.stringify(value) })))
        }),
        { numRuns: 300 },
      )
    })
  }
})
