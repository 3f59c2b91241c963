/** auth.test, users.* and usergroups.*: who is who. */
import { wireGroup, wireUser } from '../wire.ts'
import type { Method, MethodCall } from './method-call.ts'
import { refuse } from './refusal.ts'

const authTest: Method = ({ workspace }) => {
  const { directory, app } = workspace
  const team = directory.homeTeam
  return {
    ok: true,
    url: `https://${team.domain}.slack.com/`,
    team: team.name,
    user: directory.bot.handle,
    team_id: team.id,
    user_id: directory.bot.id,
    bot_id: app.botId,
    is_enterprise_install: false,
  }
}

const info: Method = (call) => {
  call.requireScope('users:read')
  const member = call.workspace.directory.member(call.required('user'))
  if (!member) refuse('user_not_found')
  if (member.isHidden) refuse('user_not_visible')
  return { ok: true, user: wireUser(member, call.workspace.directory, shown(call)) }
}

const list: Method = (call) => {
  call.requireScope('users:read')
  const { directory } = call.workspace
  const { items, cursor } = call.page(directory.members.filter(({ isHidden }) => !isHidden))
  const members = items.map((each) => wireUser(each, directory, shown(call)))
  return { ok: true, members, response_metadata: { next_cursor: cursor } }
}

const lookupByEmail: Method = (call) => {
  call.requireScope('users:read.email')
  const { directory } = call.workspace
  const email = call.required('email').toLowerCase()
  const member = directory.members.find(
    (each) => each.email.toLowerCase() === email && each.teamId === directory.homeTeam.id,
  )
  if (!member || member.deleted || member.isBot || member.isHidden) refuse('users_not_found')
  return { ok: true, user: wireUser(member, directory, shown(call)) }
}

const groupsList: Method = (call) => {
  call.requireScope('usergroups:read')
  const { directory } = call.workspace
  const withUsers = call.flag('include_users')
  const withDisabled = call.flag('include_disabled')
  const usergroups = directory.groups
    .filter(({ disabled }) => withDisabled || !disabled)
    .map((each) => wireGroup(each, directory, withUsers))
  return { ok: true, usergroups }
}

/**
 * Who there is; everything but `auth.test` needs its scope. `users.lookupByEmail` finds active people of the
 * app's own workspace only. `users.list` gives 100 at a time unless told otherwise, and `users.info` also
 * answers for somebody deactivated or of another workspace: who may do something is for the app to decide.
 */
export const people = {
  'auth.test': authTest,
  'users.info': info,
  'users.list': list,
  'users.lookupByEmail': lookupByEmail,
  'usergroups.list': groupsList,
} satisfies Record<string, Method>

/** What of a person depends on the call: the e-mail on a scope of its own, the locale on being asked for. */
function shown(call: MethodCall): { email: boolean; locale: boolean } {
  return {
    email: call.scopes.includes('users:read.email'),
    locale: call.flag('include_locale'),
  }
}
