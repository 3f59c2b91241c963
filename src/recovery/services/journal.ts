import type { Objection } from '../../audit/entries/words.ts'
import type { EntryData } from '../../audit/entry-data.ts'
import type { PersonId } from '../../ids.ts'
import { abridged, differences } from '../../policy/difference.ts'
import type { Policy } from '../../policy/policy.ts'
import { withoutAddresses } from '../../policy/text-form.ts'
import { type Attempt, drawCard, entryWithout, person, rekey } from '../model/drafts.ts'
import type { SeenGroups } from '../model/group.ts'
import { type PolicyInForce, PolicyOutdated, type Recorded } from '../ports/store.ts'
import { firstSeen, firstSeenKeys } from '../rules/groups.ts'
import type { Context } from './context.ts'

/** What can be wrong with what comes back from somebody's computer. */
export type Malformed = 'not-our-button' | 'not-our-form' | 'not-our-pool' | 'faulty-form'

/** What came back that is not what Rekey had put there, or cannot be taken as it is. */
export interface MalformedWish {
  readonly by: PersonId
  readonly attempt: Attempt | 'open' | 'resume'
  readonly because: Malformed
  readonly idempotencyKey?: string
  /** Which of a form's. */
  readonly fields?: readonly string[]
}

/** Writes down what moves no request: which policy is in force, and what never reached a rule. */
export class Journal {
  readonly #context: Context

  constructor(context: Context) {
    this.#context = context
  }

  /**
   * Records that Rekey has started, puts its policy in force, and tells everybody if it is another one.
   * @param checkpointKey what its checkpoints are checked with
   * @param seen the user groups that its policy names: on a new database they begin here
   * @param about who its posts are from, so that they are told from another app's, and what else holds for it
   */
  async begin(
    checkpointKey: string,
    seen: SeenGroups,
    about: Omit<
      EntryData['rekey.started'],
      'tiers' | 'checkpointKey' | 'sealed' | 'groupsFirstSeen' | 'membersFirstSeen'
    > = {},
  ): Promise<void> {
    await notOvertaken(() => this.#begin(checkpointKey, seen, about))
  }

  async #begin(
    checkpointKey: string,
    seen: SeenGroups,
    about: Parameters<Journal['begin']>[2] = {},
  ): Promise<Recorded> {
    const { store, policy, now } = this.#context
    const isFirst = (await store.findPolicyInForce()) === undefined
    await this.adopt(policy(), seen)
    // Later, groups begin only with a change of the policy, which calls security.
    const first = isFirst ? firstSeen(policy(), seen, await store.findGroups()) : []
    const entry = entryWithout(rekey, policy(), {
      type: 'rekey.started',
      tiers: policy().tiers.map(({ name, approvals }) => `${name}: ${approvals}`),
      checkpointKey,
      sealed: true,
      ...about,
      ...firstSeenKeys(first),
    })
    const extras = { kind: 'adopt-policy', policy: policy(), firstSeen: first } as const
    return await store.write(entry, now(), undefined, extras)
  }

  /**
   * Puts a policy in force for every Rekey on this database. The one in force already changes nothing.
   * @param seen the user groups that it names: those not noted yet begin here
   */
  async adopt(policy: Policy, seen: SeenGroups): Promise<void> {
    await notOvertaken(() => this.#adopt(policy, seen))
  }

  async #adopt(policy: Policy, seen: SeenGroups): Promise<Recorded> {
    const { store, now } = this.#context
    const before = await store.findPolicyInForce()
    if (before === undefined || before.hash === policy.hash) return 'repeated'
    const first = firstSeen(policy, seen, await store.findGroups())
    const entry = entryWithout(rekey, policy, {
      type: 'policy.changed',
      before: before.hash,
      ...changesBetween(before, policy),
      ...firstSeenKeys(first),
    })
    // It may name another channel for the cards.
    const { requests: open } = await this.#context.open()
    const cards = open.map((request) => drawCard(request, now()))
    const extras = { kind: 'adopt-policy', policy, firstSeen: first, jobs: cards } as const
    return await store.write(entry, now(), undefined, extras)
  }

  /** Records that another policy was not put in force, and why not: a line for each fault. */
  async noteRefusedPolicy(faults: readonly string[]): Promise<void> {
    const { store, policy, now } = this.#context
    const entry = entryWithout(rekey, policy(), {
      type: 'policy.refused',
      faults: abridged(faults.map(withoutAddresses)),
    })
    await store.write(entry, now())
  }

  /** Records that a channel of ours is open to others: once an hour, by whichever Rekey sees it first. */
  async noteShared(channel: string, exposure: 'shared' | 'public' = 'shared'): Promise<void> {
    const { store, policy, now } = this.#context
    const at = now()
    const hour = at.toISOString().slice(0, 'YYYY-MM-DDTHH'.length)
    const entry = entryWithout(rekey, policy(), {
      type: 'channel.shared',
      channel,
      ...(exposure === 'public' && { public: true }),
    })
    await store.write(entry, at, `${exposure} ${channel} ${hour}`)
  }

  /** Records that a payload was turned away before it reached anything. @param kind as Slack calls it */
  async turnAway(
    by: PersonId,
    kind: string,
    because: Objection,
    idempotencyKey?: string,
  ): Promise<void> {
    const { store, policy, now } = this.#context
    const content = { type: 'ingress.refused', kind, because } as const
    const entry = entryWithout(person(by), policy(), content)
    await store.write(entry, now(), idempotencyKey)
  }

  /** Records that something of Rekey's came back as it never was, and goes no further. */
  async refuseMalformed(wish: MalformedWish): Promise<void> {
    const { store, policy, now } = this.#context
    const { by, attempt, because, idempotencyKey, fields } = wish
    const entry = entryWithout(person(by), policy(), {
      type: 'ingress.refused',
      attempt,
      because,
      ...(fields === undefined ? {} : { fields }),
    })
    await store.write(entry, now(), idempotencyKey)
  }
}

const mostTries = 5

/** Tries again where another Rekey has put a policy of its own in force in between. */
async function notOvertaken(attempt: () => Promise<Recorded>): Promise<void> {
  for (let tries = 0; tries < mostTries; tries += 1) if ((await attempt()) !== 'stale') return
  throw new PolicyOutdated()
}

/** Where nobody can tell what was in force before, nothing is said of it. */
function changesBetween({ meaning: before }: PolicyInForce, { hash: _, ...meaning }: Policy) {
  return before === undefined
    ? ({ unreadable: true } as const)
    : { changes: differences(before, JSON.parse(JSON.stringify(meaning))) }
}
