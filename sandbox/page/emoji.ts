/** The emoji that texts name most often; any other name stays as it was written. */

const known: Readonly<Record<string, string>> = {
  white_check_mark: '✅',
  heavy_check_mark: '✔️',
  x: '❌',
  no_entry: '⛔',
  warning: '⚠️',
  rotating_light: '🚨',
  information_source: 'ℹ️',
  lock: '🔒',
  unlock: '🔓',
  key: '🔑',
  hourglass: '⌛',
  hourglass_flowing_sand: '⏳',
  alarm_clock: '⏰',
  mag: '🔍',
  bell: '🔔',
  memo: '📝',
  scroll: '📜',
  link: '🔗',
  email: '✉️',
  phone: '☎️',
  eyes: '👀',
  wave: '👋',
  tada: '🎉',
  thumbsup: '👍',
  '+1': '👍',
  '-1': '👎',
  smile: '😄',
}

/** By its name in Slack, without the colons. */
export function emoji(name: string): string {
  return known[name] ?? `:${name}:`
}
