/** What the app may do in Slack, by its bot scopes. */

/** What manifest.yml asks for when the app is installed. */
export const botScopes: readonly string[] = [
  'commands',
  'chat:write',
  'users:read',
  'users:read.email',
  'usergroups:read',
  'channels:read',
  'groups:read',
  'channels:history',
  'groups:history',
]

/**
 * What each look-up takes, from its page under docs.slack.dev/reference/methods; of the last, the one for the kind of channel.
 */
export const lookUps: Readonly<Record<string, readonly string[]>> = {
  'users.info': ['users:read'],
  'users.lookupByEmail': ['users:read.email'],
  'usergroups.list': ['usergroups:read'],
  'conversations.info': ['channels:read', 'groups:read'],
}
