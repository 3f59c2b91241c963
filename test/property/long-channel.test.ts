import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startWorld, type World } from '../../sandbox/world/world.ts'
import { Secret } from '../../src/secret.ts'
import { webClient } from '../../src/slack/api/client.ts'
import { slackLogger } from '../../src/slack/api/logger.ts'
import { ChannelReconciler, recentWindow } from '../../src/slack/auditor/channel-reconciler.ts'
import { wholeChannel } from '../../src/slack/auditor/posted-heads.ts'
import { messageKey } from '../../src/slack/outbound/message-keys.ts'
import { type OpenStore, openStore } from '../../src/store/open.ts'
import { policy } from '../support/examples.ts'
import { rowSealer } from '../support/row-sealer.ts'
import { entryAbout, somePending } from '../support/store/things.ts'

// One page of the channel's history holds a hundred.
const requests = 105

let folder: string
let world: World
let opened: OpenStore

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rekey-channel-'))
  world = await startWorld()
  opened = await openStore(`sqlite:${join(folder, 'rekey.db')}`, { sealer: rowSealer })
})
afterEach(async () => {
  await opened.close()
  await world.close()
  rmSync(folder, { recursive: true, force: true })
})

it('a channel of more than a page, with threads, agrees with what was posted, and a gap is found', async () => {
  const { workspace } = world.slack
  let seq = 0
  let last = ''
  for (let number = 0; number < requests; number += 1) {
    const request = somePending()
    const root = post()
    await opened.posts.keep(messageKey({ kind: 'audit-thread', request: request.id }), {
      channel: 'C0AUDIT',
      ts: root,
    })
    for (const ts of [root, post(root)]) {
      await opened.store.write(entryAbout(request), new Date())
      seq += 1
      await opened.posts.keep(messageKey({ kind: 'entry', seq }), { channel: 'C0AUDIT', ts })
      last = ts
    }
  }
  const reconcile = new ChannelReconciler(
    {
      client: client(),
      store: opened.store,
      ledger: opened.ledger,
      posts: opened.posts,
      policy: () => ({ ...policy, hash: 'a'.repeat(64) }),
      now: () => new Date(Date.now() + 120_000),
      log: { warn: () => undefined },
    },
    recentWindow,
  )
  await whole(reconcile)
  expect((await opened.ledger.head()).seq).toBe(2 * requests)

  workspace.deleteMessage('C0AUDIT', last)
  await whole(reconcile)
  expect((await opened.ledger.entry(2 * requests + 1))?.entry).toMatchObject({
    type: 'post.missing',
    data: { ts: last },
  })
  expect((await opened.ledger.head()).seq).toBe(2 * requests + 1)
})

it('whoever verifies reads all of it, the threads included', async () => {
  // Two hundred to a page here.
  const roots = Array.from({ length: 205 }, () => post())
  const replies = roots.map((root) => post(root))
  const read = (await wholeChannel(client(), 'C0AUDIT')) as readonly { readonly ts: string }[]
  const seen = new Set(read.map(({ ts }) => ts))
  expect([...roots, ...replies].filter((ts) => !seen.has(ts))).toEqual([])
})

/** However many times it asks to come back for the rest. */
async function whole(reconcile: ChannelReconciler): Promise<void> {
  const progress = await reconcile.reconcile()
  if (progress.kind === 'again' && progress.because === 'there is more to read')
    await whole(reconcile)
}

function post(threadTs?: string): string {
  const thread = threadTs === undefined ? {} : { threadTs }
  const draft = { channel: 'C0AUDIT', user: 'U0REKEY', text: 'posted', blocks: [], ...thread }
  return world.slack.workspace.post(draft).ts
}

function client() {
  const { apiUrl, botToken, appToken } = world.slack
  const access = { apiUrl, botToken: new Secret(botToken), appToken: new Secret(appToken) }
  return webClient(access, 10_000, slackLogger(pino({ level: 'silent' })))
}
