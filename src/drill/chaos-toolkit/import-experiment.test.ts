import { describe, expect, it } from 'vitest'
import { readDrill } from '../format/read-drill.ts'
import { importExperiment } from './import-experiment.ts'

const EXPERIMENT = {
  title: 'Users do not see a failure',
  'steady-state-hypothesis': {
    probes: [
      {
        type: 'probe',
        name: 'front answers',
        tolerance: 200,
        provider: { type: 'http', url: 'http://localhost:80/', timeout: 3 },
      },
    ],
  },
  secrets: {},
  method: [
    {
      type: 'action',
      name: 'stop it',
      provider: { type: 'python', module: 'chaosk8s.actions', func: 'kill_microservice', arguments: { name: 'shop' } },
      pauses: { after: 15 },
    },
    { type: 'action', name: 'traffic', provider: { type: 'process', path: 'vegeta' } },
    {
      type: 'probe',
      name: 'all healthy',
      tolerance: true,
      provider: { type: 'python', module: 'chaosk8s.probes', func: 'healthy' },
    },
  ],
  rollbacks: [{ type: 'action', name: 'start it' }],
}

describe('a Chaos Toolkit experiment', () => {
  const { yaml = '', notes } = importExperiment({ file: 'x.json', text: JSON.stringify(EXPERIMENT) })

  it('becomes a drill file that can be read', () => {
    expect(readDrill({ file: 'x.yaml', text: yaml }).problems).toEqual([])
    expect(yaml).toContain('- { fault: kill, target: "shop", for: 15s }')
    expect(yaml).toContain('front-answers: { http: "GET http://localhost:80/", timeout: 3s }')
  })

  it('says of everything else that it does not carry over', () => {
    expect(notes).toEqual([
      'all-healthy: the Python function chaosk8s.probes.healthy does not carry over. Look at the same with http, metric, promql, sql or log.',
      'stop-it: the action chaosk8s.actions.kill_microservice becomes the fault kill of "shop". Check both: a drill breaks parts of a lab.',
      'traffic: the action vegeta does not carry over. If it breaks something, name the fault; if it is traffic, write a load.',
      'secrets does not carry over.',
      'rollbacks do not carry over: every fault here knows its own undo.',
    ])
  })

  it('is refused when it is none', () => {
    expect(importExperiment({ file: 'x.json', text: '{}' }).yaml).toBeUndefined()
  })
})
