/** Killed at random moments, again and again, while people ask and approve. */

import { expect, it } from 'vitest'
import { soak } from '../support/soak.ts'
import { beginStage, type Stage } from '../support/stage.ts'
import { approved, cards, cardText, type Mode, opened } from '../support/stubborn.ts'

const modes: readonly Mode[] = ['reset', 'temporary-password']

export function randomKill(engine: string, databaseUrl: () => Promise<string | undefined>): void {
  const timeout = soak.killSeconds * 1_000 + 300_000
  it(`P3 P6 CR-22: killed at random moments on ${engine}, nothing is lost or done twice`, {
    timeout,
  }, async () => {
    const stage = await beginStage({ databaseUrl: await databaseUrl() })
    try {
      const storm = kill(stage)
      const asked: string[] = []
      const people = stage.slack
      const pairs = [
        [stage.sam, stage.mia],
        [people.person('U0SUKI'), people.person('U0NOOR')],
      ] as const
      await Promise.all(
        pairs.map(async ([requester, approver]) => {
          do {
            const email = stage.newcomer()
            asked.push(email)
            const mode = modes[asked.length % modes.length] ?? 'reset'
            await approved(stage, await opened(stage, email, mode, requester), approver)
          } while (storm.isOn())
        }),
      )
      const kills = await storm.over()
      for (const email of asked)
        await stage.settle(() => cardText(stage, email)?.includes('signed out everywhere'))
      await stage.settleInOrder()
      expect(cards(stage)).toHaveLength(asked.length)
      for (const email of asked)
        expect(stage.cognito.mailbox.to(email).length).toBeLessThanOrEqual(1)
      console.log(`random kill, ${engine}: ${asked.length} requests, ${kills} kills, 0 broken`)
    } finally {
      await stage.end()
    }
  })
}

// Rekey needs a second to start; it should get to do something, too.
const shortestLifeMs = 200
const longestLifeMs = 2_500

function kill({ rekey }: Stage) {
  const until = performance.now() + soak.killSeconds * 1_000
  const isOn = () => performance.now() < until
  const killing = (async () => {
    let kills = 0
    while (isOn()) {
      await expect.poll(() => rekey.isRunning).toBe(true)
      const lifeMs = shortestLifeMs + Math.random() * (longestLifeMs - shortestLifeMs)
      await new Promise((resolve) => setTimeout(resolve, lifeMs))
      rekey.crash()
      kills += 1
    }
    return kills
  })()
  return { isOn, over: () => killing }
}
