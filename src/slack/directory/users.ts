/** What Slack says of one person, as far as it matters here. */

import type { webApi } from '@slack/bolt'
import type { PersonId } from '../../ids.ts'
import { addressSubject } from '../../policy/who.ts'
import { isPersonRefusal, readFailure } from '../api/errors.ts'

/** What users.info says of a person. */
export interface SlackUser {
  readonly id?: string | undefined
  readonly team_id?: string | undefined
  readonly deleted?: boolean | undefined
  readonly is_bot?: boolean | undefined
  readonly is_restricted?: boolean | undefined
  readonly is_ultra_restricted?: boolean | undefined
  readonly is_stranger?: boolean | undefined
  readonly is_invited_user?: boolean | undefined
  readonly is_workflow_bot?: boolean | undefined
  readonly is_connector_bot?: boolean | undefined
  readonly enterprise_user?: { readonly id?: string | undefined } | undefined
  readonly profile?: { readonly email?: string | undefined } | undefined
}

/** There is nobody of that id, or somebody whom Slack does not show to Rekey. */
export type Unseen = 'unknown' | 'not-visible'

/** @throws what Slack answers when it cannot be asked */
export async function userOf(client: webApi.WebClient, id: PersonId): Promise<SlackUser | Unseen> {
  try {
    return (await client.users.info({ user: id })).user ?? 'unknown'
  } catch (error) {
    return unseen(error)
  }
}

/** @throws what is not about the one person who was asked for */
export function unseen(error: unknown): Unseen {
  const failure = readFailure(error)
  if (failure.kind !== 'refused' || !isPersonRefusal(failure.error)) throw error
  return failure.error === 'user_not_found' || failure.error === 'users_not_found'
    ? 'unknown'
    : 'not-visible'
}

/** What two Slack accounts of one human being share: an id in the organization, or the address without its tag. */
export function subjectsOf(id: PersonId, { enterprise_user, profile }: SlackUser): string[] {
  const address = profile?.email
  return [id, enterprise_user?.id, address && addressSubject(address)].filter(
    (subject) => subject !== undefined,
  )
}

/**
 * Only whole members of the home workspace count. A stranger from a shared channel shows by the
 * team alone: `is_stranger` is false for people one shares a channel with.
 */
export function isMember(user: SlackUser, teamId: string): boolean {
  const lesser =
    user.deleted ||
    user.is_bot ||
    user.is_restricted ||
    user.is_ultra_restricted ||
    user.is_stranger ||
    user.is_invited_user ||
    user.is_workflow_bot ||
    user.is_connector_bot
  return !lesser && user.team_id === teamId && user.id !== 'USLACKBOT'
}
