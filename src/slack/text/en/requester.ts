/** What requesters read: the windows in which they ask, and the messages that follow. */

import { form, search } from './requester-form.ts'
import { advice, messages } from './requester-messages.ts'
import { password, spelling } from './requester-password.ts'

export const requester = { search, form, messages, advice, password, spelling }
