/** Every sentence in Slack, in English: what each audience reads, and what they share. */

import { approver } from './approver.ts'
import { auditor } from './auditor.ts'
import { overview } from './overview.ts'
import { owner } from './owner.ts'
import { requester } from './requester.ts'
import { security } from './security.ts'
import { shared } from './shared.ts'

export const en = { requester, approver, owner, security, auditor, overview, shared }
