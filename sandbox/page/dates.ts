/** Dates as their reader has them: in the reader's own time zone and language. */

export interface Reader {
  readonly tz: string
  readonly locale: string
}

const dayMs = 86_400_000

type Options = Intl.DateTimeFormatOptions

const time: Options = { hour: '2-digit', minute: '2-digit' }
const shapes: Readonly<Record<string, Options>> = {
  time,
  time_secs: { ...time, second: '2-digit' },
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date: { month: 'long', day: 'numeric', year: 'numeric' },
  date_short: { month: 'short', day: 'numeric', year: 'numeric' },
  date_long: { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' },
}

/** Fills in a pattern such as `{date_short_pretty} {time}`; an unknown token stays as it is. */
export function formatDate(date: Date, pattern: string, reader: Reader, now: Date): string {
  return pattern.replaceAll(/\{(\w+)\}/g, (whole, token: string) => {
    if (token === 'ago') return ago(date, now, reader)
    const pretty = token.endsWith('_pretty') && nearbyDay(date, now, reader)
    if (pretty) return pretty
    const shape = shapes[token.replace(/_pretty$/, '')]
    return shape ? show(date, shape, reader) : whole
  })
}

/** The time of day, as it stands beside a message. */
export function timeOf(date: Date, reader: Reader): string {
  return show(date, time, reader)
}

/** When a message was posted, by its timestamp. */
export function stampDate(ts: string): Date {
  return new Date(Number(ts) * 1000)
}

/** Unix seconds of a wall-clock time such as `2026-05-01T10:30` in the reader's zone. */
export function epochAt(local: string, { tz }: Reader): number {
  const asUtc = Date.parse(`${local}Z`)
  const offset = Date.parse(`${wallClock(new Date(asUtc), tz)}Z`) - asUtc
  return Math.round((asUtc - offset) / 1000)
}

/** The wall-clock time in a zone, as a `datetime-local` field takes it. */
export function wallClock(date: Date, tz: string): string {
  // Swedish writes dates as ISO 8601 does.
  const whole: Options = { dateStyle: 'short', timeStyle: 'medium', timeZone: tz }
  return new Intl.DateTimeFormat('sv-SE', whole).format(date).replace(' ', 'T')
}

function show(date: Date, shape: Options, { tz, locale }: Reader): string {
  return new Intl.DateTimeFormat(locale, { ...shape, timeZone: tz }).format(date)
}

function nearbyDay(date: Date, now: Date, { tz, locale }: Reader): string | undefined {
  const day = (each: Date) => Date.parse(`${wallClock(each, tz).slice(0, 10)}T00:00:00Z`)
  const apart = Math.round((day(date) - day(now)) / dayMs)
  if (Math.abs(apart) > 1) return undefined
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(apart, 'day')
}

function ago(date: Date, now: Date, { locale }: Reader): string {
  const minutes = Math.round((date.getTime() - now.getTime()) / 60_000)
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(minutes, 'minute')
}
