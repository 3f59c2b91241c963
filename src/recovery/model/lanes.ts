/**
 * The lanes: jobs of one lane are done one after the other, in the order of their commits, and lanes do
 * not wait for one another. Each is named here and nowhere else; the names are stored with the jobs.
 */

import type { PersonId, RequestId } from '../../ids.ts'

/** Posts about what was done, in the ledger's order. Too many that wait hold up new recoveries. */
export const auditLane = 'audit'

/** Posts about refusals. Anybody can bring them about, so nothing that matters waits behind them. */
export const refusalLane = 'refusals'

/** Calls to security. */
export const alertLane = 'alerts'

/** The signature of every hour. */
export const hourlyCheckpointLane = 'checkpoint'

/** The signature that a hundred new entries are cause for. */
export const promptCheckpointLane = 'checkpoint at once'

/** The comparison of the last hours' posts with what was written down about them. */
export const reconcileLane = 'reconcile'

/** The same for a month. */
export const monthLane = 'reconcile month'

/** The look at the user groups that the policy names. */
export const groupsLane = 'groups'

/** Showing checkpoints to a witness. One that does not answer holds up no other. */
export const witnessLane = (name: string) => `witness ${name}`

/** The request's card in the approvals channel. */
export const cardLane = (id: RequestId) => `card ${id}`

/** The messages to whoever asked. */
export const requesterLane = (id: RequestId) => `requester ${id}`

/** The messages to the account's owner. */
export const ownerLane = (id: RequestId) => `owner ${id}`

/** The call itself, whoever ordered it. */
export const effectLane = (id: RequestId) => `effect ${id}`

/** The look at where a message went. */
export const addressesLane = (id: RequestId) => `addresses ${id}`

export const sessionsLane = (id: RequestId) => `sessions ${id}`

/** Seeing whether the owner is back. */
export const followUpLane = (id: RequestId) => `follow ${id}`

/** What is taken back after a report: in lanes of its own, since the ordinary ones may wait for hours. */
export const reportLane = (id: RequestId) => `report ${id}`
export const reportSessionsLane = (id: RequestId) => `report sessions ${id}`

/** Destroying a password that nobody has asked to see. */
export const burnLane = (id: RequestId) => `burn ${id}`

/** Destroying one that is being shown: it does not wait for the other's time. */
export const burnShownLane = (id: RequestId) => `burn ${id} now`

/** Taking a shown password off the screen. */
export const screenLane = (id: RequestId) => `screen ${id}`

export const expiryLane = (id: RequestId) => `expiry ${id}`
export const escalationLane = (id: RequestId) => `escalate ${id}`

/** Deciding that somebody has to be reminded, and saying so. */
export const remindLane = (id: RequestId) => `remind ${id}`
export const reminderLane = (id: RequestId) => `reminder ${id}`

/** Seeing who is left to decide. One for each version: another look may be waiting for its time. */
export const whoIsLeftLane = (id: RequestId, version: number) => `left ${id} ${version}`

/** News of a pause for one requester. */
export const pauseNoticeLane = (requester: PersonId) => `pause ${requester}`
