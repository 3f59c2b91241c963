/** A running Rekey that is told, by a signal, to take up another policy. */

import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { policyWith } from '../support/policies.ts'
import { beginStage, type Stage } from '../support/stage.ts'
import { ask } from '../support/story/interactions.ts'
import { messageSaying } from '../support/story/reading.ts'

let stage: Stage
afterEach(() => stage.end())

describe('SIGHUP', () => {
  it('T27: with a faulty policy: the one before stays, and security and the ledger are told why', async () => {
    stage = await beginStage()
    const { pid } = stage.rekey
    hangUp(policyWith({ requesters: ['S0GONE'] }))
    const inVain = await messageSaying(stage, stage.mia, '#account-approvals', 'S0GONE')
    expect(stage.mia.read(inVain)).toMatch(/please look.*\n.*Another policy was refused/)
    hangUp('requesters: [jane@example.com]')
    const unreadable = await messageSaying(
      stage,
      stage.mia,
      '#account-approvals',
      'tiers is missing',
    )
    expect(stage.mia.read(unreadable)).not.toContain('jane@example.com')
    await ask(stage, stage.sam, 'jane@example.com')
    expect(stage.rekey.pid).toBe(pid)
    expect(await changes()).toEqual([])
    const refused = (await stage.ledger()).filter(({ entry }) => entry.type === 'policy.refused')
    expect(refused).toHaveLength(2)
  })

  it('while it starts: the policy is taken up when it has', async () => {
    stage = await beginStage()
    const { faults } = stage.slack
    const before = lists()
    faults.add({ method: 'usergroups.list', kind: 'slow', ms: 1_000 })
    stage.rekey.crash()
    await expect.poll(lists, { interval: 5 }).toBe(before + 1)
    const { pid } = stage.rekey
    hangUp(policyWith({ requestExpiresAfter: '20m' }))
    await expect.poll(changes).toHaveLength(1)
    expect(stage.rekey.pid).toBe(pid)
  })

  it('twice, close to one another: the newer policy stays', async () => {
    stage = await beginStage()
    const { faults } = stage.slack
    const before = lists()
    faults.add({ method: 'usergroups.list', kind: 'slow', ms: 3_000 })
    hangUp(policyWith({ requestExpiresAfter: '20m' }))
    await expect.poll(lists, { interval: 5 }).toBe(before + 1)
    hangUp(policyWith({ requestExpiresAfter: '25m' }))
    await expect.poll(changes).toHaveLength(2)
    expect((await changes()).at(-1)).toContain('requestExpiresAfterMs: 1200000 → 1500000')
  })
})

/** How often Rekey has looked the names of a policy up in Slack. */
function lists(): number {
  return stage.slack.transcript.callsOf('usergroups.list').length
}

function hangUp(policy: string): void {
  writeFileSync(join(dirname(stage.database.replace('sqlite:', '')), 'policy.yml'), policy)
  process.kill(stage.rekey.pid ?? 0, 'SIGHUP')
}

/** What each policy that was put in force has changed, the oldest first. */
async function changes(): Promise<string[]> {
  const entries = (await stage.ledger()).filter(({ entry }) => entry.type === 'policy.changed')
  return entries.map(({ entry }) => String(entry.data['changes']))
}
