/** Which conversation is open, and what it is called. */

import type { Conversation } from '../web/snapshot.ts'

/** The conversation that is open: the one asked for, if this person can see it. */
export function openConversation(
  conversations: readonly Conversation[],
  asked: string,
): Conversation | undefined {
  const best = (test: (each: Conversation) => boolean) => conversations.find(test)
  return (
    best(({ id }) => id === asked) ?? best(({ name }) => name === 'support') ?? conversations[0]
  )
}

/** What a conversation is called on the screen. */
export function nameOf({ kind, name }: Conversation, app: string): string {
  if (kind === 'im') return app
  return kind === 'private' ? name : `# ${name}`
}
