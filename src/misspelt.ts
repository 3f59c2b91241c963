/** Variables that look like one of ours, misspelt: without a word about them, what they hold would just be missing. */

/** @returns each name that is set and not `known`, with the one that is meant, which is not set */
export function misspelt(
  env: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): readonly (readonly [name: string, meant: string])[] {
  const absent = known.filter((name) => !env[name] && isOurs(name))
  return Object.keys(env).flatMap((name) => {
    if (!env[name] || known.includes(name)) return []
    const meant = absent.find((other) => distance(name.toUpperCase(), other) <= most(name))
    return meant === undefined ? [] : [[name, meant] as const]
  })
}

// Shorter names are like too many others, and of proxies and ports there are more than Rekey reads.
const isOurs = (name: string) => name.length >= 9 && !/_(PROXY|PORT)$/.test(name)

// What begins like ours is hardly somebody else's.
const most = (name: string) => (name.startsWith('REKEY_') ? 4 : 2)

/** Levenshtein's: how many characters have to be put in, taken out or exchanged. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [i, character] of [...one].entries()) {
    const next = [i + 1]
    for (const [j, wanted] of [...other].entries()) {
      const exchanged = (row[j] ?? 0) + (character === wanted ? 0 : 1)
      next.push(Math.min(exchanged, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
