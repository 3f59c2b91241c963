/** The text of a slash command as Slack sends it. */
import type { Directory } from './directory.ts'

/** The three special characters become entities, whether or not the command asks for escaping. */
export function slashText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/**
 * What a command gets that asks for escaping: names that Slack knows become ids as well. An address becomes a
 * `mailto:` link, which is what clients have been seen to send; Slack documents it nowhere. A name that
 * nobody has stays as typed, and a private channel becomes `<#C…|>`, without its name. Links are left alone,
 * unlike in Slack. Source: docs.slack.dev/interactivity/implementing-slash-commands.
 */
export function escapeSlashText(text: string, directory: Directory): string {
  return slashText(text).replaceAll(/[\w.+-]+@[\w-]+(\.[\w-]+)+|[@#][\w-]+/g, (word) =>
    escapeWord(word, directory),
  )
}

function escapeWord(word: string, directory: Directory): string {
  const name = word.slice(1)
  if (word.startsWith('@')) {
    const member = directory.members.find((each) => each.handle === name)
    return member ? `<@${member.id}|${name}>` : word
  }
  if (word.startsWith('#')) {
    const channel = directory.channels.find((each) => each.name === name)
    return channel ? `<#${channel.id}|${channel.kind === 'private' ? '' : name}>` : word
  }
  return `<mailto:${word}|${word}>`
}
