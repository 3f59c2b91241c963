/** auth.test, users.* and usergroups.*: who is who. */
import { wireGroup, wireUser } from '../wire.ts'
import type { Asked, Method } from './method-call.ts'
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

const info: Method = (asked) => {
  asked.needs('users:read')
  const member = asked.workspace.directory.member(asked.required('user'))
  if (!member) refuse('user_not_found')
  return { ok: true, user: wireUser(member, asked.workspace.directory, shown(asked)) }
}

const list: Method = (asked) => {
  asked.needs('users:read')
  const { directory } = asked.workspace
  const { items, cursor } = asked.page(directory.members)
  const members = items.map((each) => wireUser(each, directory, shown(asked)))
  return { ok: true, members, response_metadata: { next_cursor: cursor } }
}

const lookupByEmail: Method = (asked) => {
  asked.needs('users:read.email')
  const { directory } = asked.workspace
  const email = asked.required('email').toLowerCase()
  const member = directory.members.find(
    (each) => each.email.toLowerCase() === email && each.teamId === directory.homeTeam.id,
  )
  if (!member || member.deleted || member.isBot) refuse('users_not_found')
  return { ok: true, user: wireUser(member, directory, shown(asked)) }
}

const groupsList: Method = (asked) => {
  asked.needs('usergroups:read')
  const { directory } = asked.workspace
  const withUsers = asked.flag('include_users')
  const withDisabled = asked.flag('include_disabled')
  const usergroups = directory.groups
    .filter(({ disabled }) => withDisabled || !disabled)
    .map((each) => wireGroup(each, directory, withUsers))
  return { ok: true, usergroups }
}

export const people = {
  'auth.test': authTest,
  'users.info': info,
  'users.list': list,
  'users.lookupByEmail': lookupByEmail,
  'usergroups.list': groupsList,
} satisfies Record<string, Method>

function shown(asked: Asked): { email: boolean; locale: boolean } {
  return {
    email: asked.scopes.includes('users:read.email'),
    locale: asked.flag('include_locale'),
  }
}
