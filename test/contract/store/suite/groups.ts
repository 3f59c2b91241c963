import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SeenGroups } from '../../../../src/recovery/model/group.ts'
import { GroupWatch } from '../../../../src/recovery/services/group-watch.ts'
import type { OpenStore } from '../../../../src/store/open.ts'
import { later, minute, noon, policy } from '../../../support/examples.ts'
import type { Bench } from '../../../support/store/bench.ts'
import { entryAbout } from '../../../support/store/things.ts'

const [group] = ['S0LEADS'] as const
/** What is noted of a group. */
export const memory = {
  group,
  version: 1,
  lookedAt: noon,
  members: new Map([['U0MIA', 0]]),
  isGone: false,
}

/** What is remembered of user groups, looked at by several at once. */
export function groupsSuite(bench: Bench): void {
  describe('a user group', () => {
    let replicas: readonly OpenStore[]
    beforeEach(async () => {
      replicas = await bench.replicas(await bench.freshUrl())
      await note(memory)
    })
    afterEach(async () => {
      for (const replica of replicas) await replica.close()
    })

    const storeOf = (turn: number) => {
      const store = replicas[turn % replicas.length]?.store
      if (store === undefined) throw new Error('the bench has opened no store')
      return store
    }

    const note = (noted: typeof memory) =>
      storeOf(0).write(entryAbout(null), noon, undefined, { kind: 'group', memory: noted })

    /** Looks as the replica of this turn does. @returns since when each member is remembered */
    async function look(
      turn: number,
      ids: readonly string[],
      at = later(minute),
      about: readonly string[] = [],
    ) {
      const seen: SeenGroups = { at, members: new Map([[group, ids]]) }
      const watch = new GroupWatch({
        store: storeOf(turn),
        directory: { groups: async () => seen },
        policy: () => policy,
        now: () => later(minute),
      })
      return (await watch.look('use', about)).get(group)?.members
    }

    async function changes(): Promise<number> {
      const entries = await Array.fromAsync(replicas[0]?.ledger.entries() ?? [])
      return entries.filter(({ entry }) => entry.type === 'group.changed').length
    }

    it('F4 is noted once, however many look at the same moment', async () => {
      const looks = Array.from({ length: 8 }, (_, turn) => look(turn, ['U0MIA', 'U0ANA']))
      const since = later(minute).getTime()
      for (const members of await Promise.all(looks)) expect(members?.get('U0ANA')).toBe(since)
      expect(await changes()).toBe(1)
    })

    it('F4 notes those whose right is asked for, and of thousands the rest later', async () => {
      const crowd = Array.from({ length: 3_000 }, (_, n) => `U0N${n}`)
      const noted = await look(0, ['U0MIA', ...crowd], later(minute), ['U0N2999'])
      expect(noted?.size).toBe(1 + 5 * 20)
      expect(noted?.has('U0N2999')).toBe(true)
      const more = await look(0, ['U0MIA', ...crowd], later(minute), crowd.slice(200, 320))
      expect(crowd.slice(200, 320).every((id) => more?.has(id))).toBe(true)
      expect(await changes()).toBe(5 + 6)
    })

    it('F4 is not noted by whoever has asked Slack before what is noted', async () => {
      await look(0, ['U0MIA', 'U0ANA'])
      expect((await look(1, ['U0MIA'], later(minute / 2)))?.has('U0ANA')).toBe(true)
      expect(await changes()).toBe(1)
      expect((await look(1, ['U0MIA'], later(2 * minute)))?.has('U0ANA')).toBe(false)
      expect(await changes()).toBe(2)
    })

    it('F4 is not noted from what has been noted otherwise since', async () => {
      expect(await note({ ...memory, version: 2 })).toBe('recorded')
      expect(await note({ ...memory, version: 2 })).toBe('stale')
      expect(await note(memory)).toBe('stale')
    })

    it('F4 of which nothing is noted has only new members', async () => {
      const seen: SeenGroups = { at: noon, members: new Map([['S0HEADS', ['U0MIA']]]) }
      const watch = new GroupWatch({
        store: storeOf(0),
        directory: { groups: async () => seen },
        policy: () => ({ ...policy, security: [{ kind: 'group', id: 'S0HEADS' }] }),
        now: () => noon,
      })
      const remembered = await watch.look('use')
      expect(remembered.get('S0HEADS')?.members.get('U0MIA')).toBe(noon.getTime())
      expect(await changes()).toBeGreaterThan(0)
    })
  })
}
