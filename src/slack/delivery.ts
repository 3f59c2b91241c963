/** The outbox's jobs for Slack: each message is drawn from what is stored at the moment it is sent. */

import type { Handlers } from '../outbox/outbox.ts'
import { type ApproverDeliveryDeps, deliverToApprovers } from './approver/deliver.ts'
import { type AuditorDeliveryDeps, deliverToAuditors } from './auditor/deliver.ts'
import { deliverToOwner, type OwnerDeliveryDeps } from './owner/deliver.ts'
import { deliverToRequester, type RequesterDeliveryDeps } from './requester/deliver.ts'
import { deliverToSecurity, type SecurityDeliveryDeps } from './security/deliver.ts'

export type DeliveryDeps = ApproverDeliveryDeps &
  RequesterDeliveryDeps &
  OwnerDeliveryDeps &
  AuditorDeliveryDeps &
  SecurityDeliveryDeps

export type Deliveries = Pick<
  Handlers,
  | 'draw-card'
  | 'post-reminder'
  | 'tell-requester'
  | 'notify-pause'
  | 'clear-reveal'
  | 'tell-owner'
  | 'post-audit'
  | 'post-checkpoint'
  | 'post-alert'
>

export function deliveries(deps: DeliveryDeps): Deliveries {
  return {
    ...deliverToApprovers(deps),
    ...deliverToRequester(deps),
    ...deliverToOwner(deps),
    ...deliverToAuditors(deps),
    ...deliverToSecurity(deps),
  }
}
