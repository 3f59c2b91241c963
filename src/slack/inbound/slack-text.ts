/** Slack's own encoding of text, undone: in this file and nowhere else, and once. */

/**
 * What a text in Slack's encoding says, as its readers see it: links by their labels, and by their address
 * where the label hides it; mentions by name; and the three signs that Slack escapes in whatever it sends,
 * plain text included. Source: docs.slack.dev/messaging/formatting-message-text; that interactions bring plain
 * text escaped as well, slackapi/bolt-python#513.
 */
export function readSlackText(text: string): string {
  return unescaped(text.replaceAll(/<([^<>]*)>/g, (whole, inside: string) => said(inside) ?? whole))
}

/** What a link says whose text is shown apart from where it leads to, as in rich text. */
export function readLink(url: string, label: string): string {
  if (!/^(?:mailto|tel):/i.test(url)) return label || url
  // What the link would fill in beside the address is nothing that anybody reads.
  const written = url.replace(/^[a-z]+:/i, '').replace(/\?.*$/s, '')
  const target = decoded(written)
  if (label === '') return target
  const plainly = /^tel:/i.test(url) ? digitsOf : sameText
  const isTold = [written, target].some((each) => plainly(label).includes(plainly(each)))
  return isTold ? label : `${label} (${target})`
}

function said(inside: string): string | undefined {
  const [target = '', ...labels] = inside.split('|')
  const label = labels.join('|')
  if (/^[@#!]/.test(target)) return ` ${label || target} `
  return /^[a-z][a-z\d+.-]*:/i.test(target) ? readLink(target, label) : undefined
}

/** The three signs that Slack escapes, as they were typed: for what people enter in a window. */
export function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

/** Without the escapes of a web address; as it is where they would make no address. */
function decoded(target: string): string {
  try {
    const plain = decodeURIComponent(target)
    return /[\s\p{Cc}]/u.test(plain) ? target : plain
  } catch {
    return target
  }
}

const sameText = (text: string) => unescaped(text).toLowerCase()
const digitsOf = (text: string) => text.replaceAll(/[^\d+]/g, '')
