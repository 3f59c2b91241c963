/** Acme's workspace: the people every story is told with, one for each way an account can be unusual. */
import type { Channel, Member, UserGroup, WorkspaceSeed } from '../slack/model.ts'

const home = 'T0HOME'
const elsewhere = 'T0OTHER'

/** A fresh description of the workspace; change it before handing it to `startSlack` as you like. */
export function acmeWorkspace(): WorkspaceSeed {
  return {
    teams: [
      { id: home, name: 'Acme', domain: 'acme' },
      { id: elsewhere, name: 'Otherwise Ltd', domain: 'otherwise' },
    ],
    app: { id: 'A0REKEY', name: 'Rekey', botId: 'B0REKEY' },
    botUser: 'U0REKEY',
    members: people(),
    groups: groups(),
    channels: channels(),
    commands: [
      {
        command: '/reset-password',
        description: 'Ask for an account to be recovered',
        usageHint: '[e-mail or username]',
      },
      {
        command: '/recovery',
        description: 'What you asked for, what waits for you, and the switch that stops everything',
        usageHint: 'mine | pending | pause <reason> | resume | help',
      },
    ],
    shortcuts: [{ callbackId: 'recover_from_message', name: 'Recover this account' }],
  }
}

// Two accounts of one person (Mia), two groups of one person (Noor), a guest (Gus), somebody who has left
// (Dee), somebody of another company (Otto), and an owner who works here herself (Jane).
function people(): Member[] {
  return [
    { ...person('U0REKEY', 'rekey', 'Rekey'), isBot: true },
    { ...person('U0SAM', 'sam', 'Sam Okafor'), title: 'Support' },
    { ...person('U0SUKI', 'suki', 'Suki Tanaka'), title: 'Support' },
    { ...person('U0MIA', 'mia', 'Mia Lindqvist'), title: 'Team lead' },
    {
      ...person('U0MIA2', 'mia.admin', 'Mia Lindqvist'),
      displayName: 'Mia (admin)',
      email: 'mia+admin@acme.example',
      title: 'Team lead, second account',
    },
    { ...person('U0HANA', 'hana', 'Hana Novak'), title: 'Head of support' },
    { ...person('U0NOOR', 'noor', 'Noor Haddad'), title: 'Team lead, security' },
    { ...person('U0PRIYA', 'priya', 'Priya Raman'), title: 'Security' },
    { ...person('U0ANA', 'ana', 'Ana Duarte'), title: 'Auditor' },
    { ...person('U0GUS', 'gus', 'Gus Vermeer'), isRestricted: true, isUltraRestricted: true },
    { ...person('U0DEE', 'dee', 'Dee Castellan'), deleted: true },
    { ...person('U0OTTO', 'otto', 'Otto Brandt'), teamId: elsewhere, email: 'otto@other.example' },
    {
      ...person('U0JANE', 'jane', 'Jane Doe'),
      displayName: 'Jane Doe',
      email: 'jane@example.com',
      title: 'Sales',
    },
  ]
}

function person(id: string, handle: string, realName: string): Member {
  return {
    id,
    teamId: home,
    handle,
    realName,
    displayName: realName.split(' ')[0] ?? realName,
    email: `${handle}@acme.example`,
    tz: 'Europe/Amsterdam',
    tzOffset: 3600,
    locale: 'en-GB',
  }
}

function groups(): UserGroup[] {
  return [
    { id: 'S0SUPPORT', handle: 'support', name: 'Support', members: ['U0SAM', 'U0SUKI'] },
    { id: 'S0LEADS', handle: 'leads', name: 'Team leads', members: ['U0MIA', 'U0MIA2', 'U0NOOR'] },
    { id: 'S0HEADS', handle: 'heads', name: 'Heads', members: ['U0HANA'] },
    { id: 'S0SECURITY', handle: 'security', name: 'Security', members: ['U0PRIYA', 'U0NOOR'] },
  ]
}

function channels(): Channel[] {
  const staff = ['U0SAM', 'U0SUKI', 'U0MIA', 'U0MIA2', 'U0HANA', 'U0NOOR', 'U0PRIYA']
  return [
    {
      id: 'C0APPROVE',
      name: 'account-approvals',
      kind: 'private',
      members: ['U0REKEY', ...staff, 'U0GUS'],
    },
    {
      id: 'C0AUDIT',
      name: 'account-audit',
      kind: 'private',
      members: ['U0REKEY', 'U0ANA', 'U0PRIYA'],
    },
    { id: 'C0GENERAL', name: 'general', kind: 'public', members: [...staff, 'U0ANA', 'U0JANE'] },
    { id: 'C0SUPPORT', name: 'support', kind: 'public', members: ['U0SAM', 'U0SUKI', 'U0JANE'] },
    {
      id: 'C0SHARED',
      name: 'shared-with-otherwise',
      kind: 'private',
      members: ['U0REKEY', 'U0SAM', 'U0MIA', 'U0OTTO'],
      extShared: true,
    },
  ]
}
