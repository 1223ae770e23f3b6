import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

describe('the two commands of the README', () => {
  it('are the first thing it says', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    expect(readme.startsWith('# Linchpin\n\n```\nnpm start\nnpm test\n```\n')).toBe(true)
  })

  it('npm start shows the overview of MRG, whatever the environment asks of npm', () => {
    const env = { ...process.env, NODE_ENV: 'production', npm_config_ignore_scripts: 'true', npm_config_omit: 'dev' }
    const { status, stdout } = spawnSync('npm', ['start', '--silent', '--', '--once'], {
      cwd: root,
      encoding: 'utf8',
      env,
    })
    expect(status).toBe(0)
    expect(stdout).toContain('Single points of failure: MRG')
  })
})

describe('the lock file', () => {
  it('names no registry and pins every version', () => {
    const lock = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')
    expect(lock).not.toMatch(/"resolved": "https?:/)
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
    )
    const versions: string[] = Object.values({ ...dependencies, ...devDependencies })
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
  })
})
