/** What a button carries: which request it was drawn for, in which version, and nothing that decides anything. */

import { type RequestId, requestId } from '../names.ts'
import type { RecoveryRequest } from '../recovery/request.ts'

export function buttonValue({ id, version }: Pick<RecoveryRequest, 'id' | 'version'>): string {
  return `${id}:${version}`
}

export function readButton(
  value: string | undefined,
): { readonly id: RequestId; readonly version: number } | undefined {
  const [, name = '', version] = /^([^:]+):([1-9]\d{0,8})$/.exec(value ?? '') ?? []
  const id = requestId(name)
  return id && { id, version: Number(version) }
}
