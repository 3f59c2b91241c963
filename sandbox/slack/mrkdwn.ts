/** Reading Slack's markup as a person sees it: names instead of ids, labels instead of links. */

/** Looks up what to call somebody or something; undefined if it is not known. */
export interface Names {
  person(id: string): string | undefined
  channel(id: string): string | undefined
  group(id: string): string | undefined
}

/**
 * The visible text of mrkdwn. Bold, code and quotes keep their marks: they are readable as they are. A link
 * shows as "label (address)", so that a test sees where it leads, and a date as its fallback, since the real
 * one depends on the reader's device. Source: docs.slack.dev/messaging/formatting-message-text.
 */
export function readMrkdwn(text: string, names: Names): string {
  return withoutEntities(
    text.replaceAll(/<([^<>]+)>/g, (_, inside: string) => readToken(inside, names)),
  )
}

function readToken(inside: string, names: Names): string {
  const [target = '', ...labels] = inside.split('|')
  const label = labels.join('|')
  if (target.startsWith('@'))
    return `@${names.person(target.slice(1)) ?? (label || target.slice(1))}`
  if (target.startsWith('#'))
    return `#${names.channel(target.slice(1)) ?? (label || target.slice(1))}`
  if (target.startsWith('!subteam^')) {
    const id = target.slice('!subteam^'.length)
    return `@${names.group(id) ?? (label.replace(/^@/, '') || id)}`
  }
  if (target.startsWith('!date^')) return label
  if (target.startsWith('!')) return `@${target.slice(1)}`
  if (label === '' || target.startsWith('mailto:')) return label || target
  return `${label} (${target})`
}

function withoutEntities(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
