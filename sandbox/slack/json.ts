/** Reading JSON of unknown shape: nothing here throws; what is absent or wrong reads as empty. */

export type Json = string | number | boolean | null | Json[] | Fields

/** A JSON object whose fields have yet to be looked at. */
export interface Fields {
  [name: string]: Json | undefined
}

/** A JSON object: neither null nor a list. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Itself, or an empty object. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {}
}

/** Itself, or an empty list. */
export function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value : []
}

/** The objects of a list; anything else in it is left out. */
export function rowsOf(value: unknown): Fields[] {
  return listOf(value).filter(isFields)
}

/** Itself, or an empty string; a number is none. */
export function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The value that the text spells, or undefined if it is not JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}
