/**
 * Killed with SIGKILL at every step of a recovery: what was stored goes on, what was not stored never
 * happened. The steps are named by what Rekey writes at them, so that each is met exactly.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Message } from '../../sandbox/slack/model.ts'
import type { EntryType } from '../../src/audit/entry-data.ts'
import { audit } from '../../src/cli/audit.ts'
import { notesIn } from '../../src/slack/auditor/checkpoint-post.ts'
import type { Failpoint } from '../support/failpoint.ts'
import { soak } from '../support/soak.ts'
import { beginStage, type Stage } from '../support/stage.ts'
import {
  approved,
  cards,
  cardText,
  closed,
  type Mode,
  nameOf,
  opened,
} from '../support/stubborn.ts'

/** When Rekey is killed: in or after the commit of an entry, or while a call to Cognito hangs. */
type Moment =
  | Failpoint
  | { readonly call: 'password'; readonly kind: 'hang-before' | 'hang-after' }
  | { readonly call: 'AdminUserGlobalSignOut'; readonly kind: 'hang-before' | 'hang-after' }

interface Point {
  readonly title: string
  readonly at: Moment
  /** It comes before anybody can approve. */
  readonly early?: true
  /** Where only one of them has this step. */
  readonly only?: Mode
}

const into = (type: EntryType): Failpoint => ({ writing: [`"type":"${type}"`], when: 'in' })
const after = (type: EntryType): Failpoint => ({ writing: [`"type":"${type}"`], when: 'after' })
/** Slack has taken a message, and Rekey is about to keep where it stands. */
const posted = (key: string): Failpoint => ({ writing: ['insert into "posts"', key], when: 'in' })

const unusedMadeUseless = into('secret.scrambled')

const points: readonly Point[] = [
  {
    title: 'CR-01 when the form has come, before anything of it is stored',
    at: { writing: ['insert into "inbox"'], when: 'in' },
    early: true,
  },
  {
    title: 'CR-04 while the request is being stored',
    at: into('request.opened'),
    early: true,
  },
  {
    title: 'CR-02 CR-05 when it is stored, before the form is answered and the card posted',
    at: after('request.opened'),
    early: true,
  },
  {
    title: 'CR-06 when Slack has the card, before that is stored',
    at: posted('card REQ-'),
    early: true,
  },
  {
    title: 'CR-16 when Slack has an audit post, before that is stored',
    at: posted('audit entry'),
    early: true,
  },
  {
    title: 'CR-03 when a click was acknowledged, before anything comes of it',
    at: into('approval.opened'),
  },
  { title: 'CR-07 while the approval is being stored', at: into('request.approved') },
  { title: 'CR-08 when it is stored, before anything else', at: after('request.approved') },
  { title: 'CR-09 when the intent is stored, before the call', at: after('effect.intended') },
  { title: 'CR-10 in the call, which never lands', at: { call: 'password', kind: 'hang-before' } },
  { title: 'CR-11 in the call, which lands', at: { call: 'password', kind: 'hang-after' } },
  {
    title: 'CR-12 when the answer is here, before anything of it is stored',
    at: { writing: ['update "requests"', 'executed'], when: 'in' },
  },
  { title: 'CR-13 while the answer is being stored', at: into('effect.confirmed') },
  { title: 'CR-14 when it is stored, before the sign-out', at: after('effect.confirmed') },
  {
    title: 'CR-15 after the sign-out, before that is stored',
    at: { call: 'AdminUserGlobalSignOut', kind: 'hang-after' },
  },
  {
    title: 'CR-17 when the showing has begun, before the window is drawn',
    at: after('secret.revealing'),
    only: 'temporary-password',
  },
  {
    title: 'CR-18 when the window is drawn, before that is stored',
    at: into('secret.revealed'),
    only: 'temporary-password',
  },
  {
    title: 'CR-19 after the unused password was made useless, before that is stored',
    at: unusedMadeUseless,
    only: 'temporary-password',
  },
]

const offer = 'Show the password once'

/** @param turn which mode an id is tried in, where not in both: the two databases take turns */
export function crashMatrix(
  engine: string,
  turn: number,
  databaseUrl: () => Promise<string | undefined>,
): void {
  const modes: readonly Mode[] = ['reset', 'temporary-password']
  describe.each(modes)(`killed on ${engine} on the way of a %s`, (mode) => {
    let stage: Stage
    let requests = 0
    beforeAll(async () => {
      stage = await beginStage({ databaseUrl: await databaseUrl() })
    })
    afterAll(() => stage.end())

    const tried = points.filter(({ only }, index) =>
      only === undefined
        ? soak.crashRounds > 1 || modes[(index + turn) % 2] === mode
        : only === mode,
    )
    const rounds = Array.from({ length: soak.crashRounds }, () => tried).flat()
    it.each(rounds)('$title', async ({ at, early }) => {
      const email = stage.newcomer()
      requests += 1
      const hasStruck = arm(at, mode)
      const card = await opened(stage, email, mode)
      if (early) {
        await isStruck(hasStruck)
        await stage.backAgain()
      }
      await approved(stage, card)
      await stage.settle(() => cardText(stage, email)?.includes('signed out everywhere'))
      const password = mode === 'reset' ? undefined : await shown(email)
      if (at === unusedMadeUseless) {
        await stage.letAllPass(61 * 60_000)
        await stage.settle(() => cardText(stage, email)?.includes('Not used in time'))
      } else {
        await isHelped(email, password)
      }
      await isStruck(hasStruck)
      await stage.backAgain()
    })

    // One of the two stages is enough: no mode has a part in it.
    if (mode === 'reset') it('CR-21 in and after the signing of a checkpoint', signing)

    it('P1 P2 P6: and all of it together is in order', async () => {
      await stage.settle(() => stage.sam.dm().length > 0)
      await stage.settleInOrder()
      const entries = await stage.ledger()
      const done = entries.filter(({ entry }) =>
        ['effect.confirmed', 'effect.observed'].includes(entry.type),
      )
      expect(done).toHaveLength(requests)
      expect(cards(stage)).toHaveLength(requests)
    })

    /** There is one checkpoint of a size, in the database and in the channel, and it is the right one. */
    async function signing(): Promise<void> {
      for (const when of ['in', 'after'] as const) {
        stage.arm({ writing: ['insert into "checkpoints"'], when })
        await stage.letAllPass(61 * 60_000)
        await isStruck(() => stage.hasStruck())
        await stage.backAgain()
      }
      const notes = () => notesIn(stage.slack.workspace.messages.all)
      await stage.settle(() => notes().length > 1)
      const said: string[] = []
      const environment = stage.environment(stage.database)
      expect(await audit(['verify', '--live'], environment, (line) => said.push(line))).toBe(0)
      expect(said.join()).toMatch(/([4-9]|\d\d) signed checkpoints agree$/)
      const sizes = notes().map((note) => note.split('\n')[1])
      expect(new Set(notes()).size).toBe(new Set(sizes).size)
    }

    async function isStruck(hasStruck: () => boolean): Promise<void> {
      await expect.poll(hasStruck, { message: 'the moment never came' }).toBe(true)
    }

    function arm(at: Moment, of: Mode): () => boolean {
      if ('writing' in at) {
        stage.arm(at)
        return () => stage.hasStruck()
      }
      const operation =
        at.call === 'password'
          ? of === 'reset'
            ? 'AdminResetUserPassword'
            : 'AdminSetUserPassword'
          : at.call
      stage.cognito.faults.add({ operation, kind: at.kind })
      const before = stage.cognito.calls.length
      const hangs = () =>
        stage.cognito.calls
          .slice(before)
          .some((call) => call.operation === operation && call.outcome === at.kind)
      // Where it never hangs, the test says so by itself.
      void expect
        .poll(hangs, { timeout: 240_000 })
        .toBe(true)
        .then(() => stage.rekey.crash())
        .catch(() => undefined)
      return hangs
    }

    /** Has the password shown, where it can be. @returns undefined when it was destroyed instead */
    async function shown(email: string): Promise<string | undefined> {
      const { sam } = stage
      await stage.settle(() => offered(email) !== undefined)
      const message = offered(email)
      if (message === undefined) throw new Error('no password is offered')
      const showing = stage.rekey.pid
      await sam.press(offer, { in: message }).catch(() => undefined)
      const read = () =>
        /"type":"rich_text_preformatted".*?"text":"((?:[^"\\]|\\.)+)"/.exec(
          JSON.stringify(sam.modal?.definition['blocks'] ?? []),
        )?.[1]
      await expect.poll(() => read() !== undefined || stage.rekey.pid !== showing).toBe(true)
      const seen = read()
      await stage.backAgain()
      await closed(stage.sam)
      if (seen) return seen
      // It may have been seen, so it is not shown again.
      await stage.settle(() => told(email, 'was destroyed') !== undefined)
      return undefined
    }

    async function isHelped(email: string, password: string | undefined): Promise<void> {
      if (mode === 'reset') {
        expect(stage.cognito.mailbox.to(email)).toHaveLength(1)
        const code = stage.cognito.mailbox.latest(email)?.code ?? ''
        const set = await stage.application.confirmForgotPassword(email, code, 'Back-again-1!')
        expect(set.kind).toBe('changed')
      } else if (password !== undefined) {
        const signIn = await stage.application.signIn(email, password)
        expect(signIn.kind).toBe('new-password-required')
      }
    }

    function offered(email: string): Message | undefined {
      return told(email, `[${offer}]`)
    }

    /** What the requester reads of this account, if it says so. */
    function told(email: string, words: string): Message | undefined {
      const { sam } = stage
      return sam.dm().findLast((each) => {
        const says = sam.read(each)
        return nameOf(email).test(says) && says.includes(words)
      })
    }
  })
}
