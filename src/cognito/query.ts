/** What ListUsers and AdminGetUser take. */

/** A ListUsers filter, or undefined where it would be longer than Cognito takes. */
export function filterOf(
  attribute: string,
  comparison: '=' | '^=',
  value: string,
): string | undefined {
  const escaped = value.replaceAll(/[\\"]/g, '\\$&')
  const filter = `${attribute} ${comparison} "${escaped}"`
  return filter.length > longestFilter ? undefined : filter
}

/** Whether AdminGetUser would take this for a `Username`. */
export function canBeUsername(text: string): boolean {
  return /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u.test(text)
}

const longestFilter = 256
