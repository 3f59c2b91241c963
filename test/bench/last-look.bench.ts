/**
 * How long somebody has to change an account's address unseen: from the last look at the account to the call. With
 * people looked up at once, and with a Slack that takes as long for each as the attack needed (F3).
 */

import {
  AdminGetUserCommand,
  AdminResetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, it } from 'vitest'
import { userSeed } from '../../sandbox/cognito/user-seed.ts'
import { customersPoolId } from '../../sandbox/world/user-pool-seed.ts'
import { approve, ask, passUntil } from '../support/story/interactions.ts'
import { beginStory } from '../support/story/start.ts'
import type { Story } from '../support/story/story.ts'
import { type Figures, report } from './report.ts'

const slackMs = 1_800
const call = 'AdminResetUserPassword'

let story: Story
beforeAll(async () => {
  story = await beginStory()
})
afterAll(() => story.end())

it('from the last look to the call', async () => {
  const bare = { name: 'the SDK alone, one call after the other', milliseconds: await bareGaps(50) }
  const quiet = { name: 'Rekey', milliseconds: await gaps('quiet', 30) }
  const slow = { name: `Rekey, Slack taking ${slackMs} ms`, milliseconds: await gaps('slow', 5) }
  report('From the last look at an account to the call', bare, [quiet, slow] satisfies Figures[])
})

async function gaps(kind: 'quiet' | 'slow', times: number): Promise<readonly number[]> {
  const measured: number[] = []
  for (let nth = 0; nth < times; nth += 1) {
    const email = newcomer(`${kind}${nth}`)
    const card = await ask(story, story.sam, email)
    const arrived = watched()
    if (kind === 'slow') {
      story.cognito.faults.add({ operation: 'AdminGetUser', kind: 'throttle' })
      story.slack.faults.add({ method: 'users.info', kind: 'slow', ms: slackMs, times: 99 })
      story.pass(6_000)
    }
    await approve(story, story.mia, card)
    await passUntil(story, () => arrived.gap() !== undefined)
    measured.push(arrived.gap() ?? Number.NaN)
    arrived.forget()
    story.slack.faults.clear()
    // Limits count by the hour and by the day.
    story.pass(25 * 3_600_000)
  }
  return measured
}

async function bareGaps(times: number): Promise<readonly number[]> {
  const client = new CognitoIdentityProviderClient({
    region: 'us-west-2',
    endpoint: story.cognito.url,
  })
  const measured: number[] = []
  for (let nth = 0; nth < times; nth += 1) {
    const account = { UserPoolId: customersPoolId, Username: newcomer(`bare${nth}`) }
    const arrived = watched()
    await client.send(new AdminGetUserCommand(account))
    await client.send(new AdminResetUserPasswordCommand(account))
    measured.push(arrived.gap() ?? Number.NaN)
    arrived.forget()
  }
  client.destroy()
  return measured
}

/** Milliseconds between the arrival of the last look and that of the call, once both have come. */
function watched() {
  let lookedAt = Number.NaN
  let gap: number | undefined
  const forget = story.cognito.beforeCall((operation) => {
    if (operation === 'AdminGetUser') lookedAt = performance.now()
    if (operation === call) gap ??= performance.now() - lookedAt
  })
  return { gap: () => gap, forget }
}

function newcomer(name: string): string {
  const email = `${name}@example.com`
  const pool = story.cognito.pools.get('customers')
  pool.add(userSeed(`New Comer ${name}`, { email, password: 'New-comer-1' }))
  return email
}
