/** What a button carries: which request it was drawn for, in which version, and nothing that decides anything. */

import { type RequestId, requestId, subOf } from '../../ids.ts'
import type { AccountRef } from '../../recovery/model/account.ts'
import type { Pause } from '../../recovery/model/pause.ts'
import type { RecoveryRequest } from '../../recovery/model/request.ts'

export function buttonValue({ id, version }: Pick<RecoveryRequest, 'id' | 'version'>): string {
  return `${id}:${version}`
}

/** The request as it was drawn. */
export interface RequestButton {
  readonly id: RequestId
  readonly version: number
}

export function readButton(value: string | undefined): RequestButton | undefined {
  const [, name = '', version] = /^([^:]+):([1-9]\d{0,8})$/.exec(value ?? '') ?? []
  const id = requestId(name)
  return id && { id, version: Number(version) }
}

/** Which pause a button was drawn for. */
export function pauseValue({ since }: Pick<Pause, 'since'>): string {
  return since.toISOString()
}

export function readPause(value: string | undefined): Date | undefined {
  const since = new Date(value ?? '')
  return Number.isNaN(since.getTime()) ? undefined : since
}

/** Which account a button stands for. */
export type Choice = Pick<AccountRef, 'pool' | 'sub'>

export function choiceValue({ pool, sub }: Choice): string {
  return `${pool}:${sub}`
}

export function readChoice(value: string): Choice | undefined {
  const [, pool, sub] = /^([A-Za-z][A-Za-z0-9_-]{0,39}):(\S{1,255})$/.exec(value) ?? []
  return pool === undefined || sub === undefined ? undefined : { pool, sub: subOf(sub) }
}
