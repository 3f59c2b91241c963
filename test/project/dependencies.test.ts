/** What Rekey takes from others: little, exactly, and nothing that runs while it is installed unless it is named. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const manifest = read('package.json')
const lock: Record<string, { integrity?: string; link?: boolean; hasInstallScript?: boolean }> =
  read('package-lock.json').packages

describe('the dependencies', () => {
  it('T26 are few, in exact versions, and explained', () => {
    const direct = { ...manifest.dependencies, ...manifest.devDependencies }
    expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(15)
    for (const [name, version] of Object.entries(direct))
      expect(`${name} ${version}`).toMatch(/ \d+\.\d+\.\d+(-[\w.]+)?$/)
    const explained = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
    const silent = Object.keys(direct).filter((name) => !explained.includes(name))
    expect(silent.filter((name) => !name.startsWith('@types/'))).toEqual([])
  })

  it('T26 are what they were: the lockfile has the hash of each', () => {
    const packages = Object.entries(lock).filter(([path]) => path !== '')
    expect(packages.filter(([, { integrity }]) => integrity === undefined)).toEqual([])
    expect(packages.length).toBeGreaterThan(100)
  })

  it('T26 run nothing at their installation but what package.json allows or forbids by name', () => {
    const scripts = Object.entries(lock)
      .filter(([, { hasInstallScript }]) => hasInstallScript === true)
      .map(([path]) => path.replace(/^.*node_modules\//, ''))
    expect(scripts.filter((name) => manifest.allowScripts[name] === undefined)).toEqual([])
  })
})

function read(file: string) {
  return JSON.parse(readFileSync(join(root, file), 'utf8'))
}
