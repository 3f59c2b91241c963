/** The changes that no unit test notices, and why that is right or has to do. `npm run mutants` compares. */

export interface Left {
  readonly file: string
  readonly why: string
  /** The line that it begins in, and what stands there instead of what, as `npm run mutants` prints both. */
  readonly changes: readonly (readonly [line: string, change: string])[]
}

const filledList = '[] → ["Stryker was here"]'
const forTheCompiler = 'it is there for the compiler, and never reached'
const filledText = '\'\' → "Stryker was here!"'

export const left: readonly Left[] = [
  {
    file: 'src/recovery/rules/approve.ts',
    why: 'a string among people stands for nobody, as if it were not there',
    changes: [
      ['const givers = others.flatMap((each) => participants.get(each.by) ?? [])', filledList],
    ],
  },
  {
    file: 'src/recovery/rules/approve.ts',
    why: 'no account has the one name or the other',
    changes: [
      ["if (isPrivileged(request, policy) && !names(request, facts.typed ?? ''))", filledText],
    ],
  },
  {
    file: 'src/recovery/rules/pause.ts',
    why: 'a group has one member at least: only the compiler needs the case without a first',
    changes: [
      ['first === undefined', 'first === undefined → false'],
      ['? []', filledList],
    ],
  },
  {
    file: 'src/recovery/rules/rights.ts',
    why: 'nobody has the group, the subject or the missing id that comes in',
    changes: [
      [
        'return owner !== undefined && isSamePerson(policy, who, asNow(participants, owner))',
        'owner !== undefined → true',
      ],
      ['return participants.get(id) ?? { id, groups: [], subjects: [] }', filledList],
    ],
  },
  {
    file: 'src/recovery/rules/settle.ts',
    why: 'no state of an effect is called so',
    changes: [
      [
        "const takenForLost = ['refused', 'not-applied', 'undecided'].includes(storedEffect?.state ?? '')",
        filledText,
      ],
    ],
  },
  {
    file: 'src/recovery/rules/settle.ts',
    why: 'a field that is undefined is stored like one that is absent',
    changes: [
      [
        '...(afterwards === undefined ? {} : { after: afterwards }),',
        'afterwards === undefined → false',
      ],
    ],
  },
  {
    file: 'src/recovery/rules/settle.ts',
    why: forTheCompiler,
    changes: [['default:', 'default: return answer satisfies never → default:']],
  },
  {
    file: 'src/recovery/rules/follow-up.ts',
    why: forTheCompiler,
    changes: [['default:', 'default: return request.method satisfies never → default:']],
  },
  {
    file: 'src/recovery/rules/observe.ts',
    why: forTheCompiler,
    changes: [['default:', 'default: return kind satisfies never → default:']],
  },
  {
    file: 'src/recovery/rules/repeatable.ts',
    why: forTheCompiler,
    changes: [['default:', 'default: return answer satisfies never → default:']],
  },
  {
    file: 'src/recovery/rules/report.ts',
    why: forTheCompiler,
    changes: [['default:', 'default: return request satisfies never → default:']],
  },
  {
    file: 'src/recovery/rules/follow-up.ts',
    why: 'canScramble, two steps below, asks the same, and what is untouched was not overwritten before',
    changes: [
      [
        "if (isUntouched(request, effect, account)) return { kind: 'scramble' }",
        'isUntouched(request, effect, account) → false',
      ],
    ],
  },
  {
    file: 'src/recovery/rules/follow-up.ts',
    why: 'a permanent password is over, or taken back at once, before anybody asks how long it lives',
    changes: [
      [
        "case 'permanent-password':",
        "case 'permanent-password': return policy.temporaryPassword.… → case 'permanent-password':",
      ],
      ["case 'permanent-password':", '\'permanent-password\' → ""'],
    ],
  },
  {
    file: 'src/recovery/rules/open.ts',
    why: 'a field that is undefined is stored, and read by a caller, like one that is absent',
    changes: [
      [
        'const met = openRequest === undefined ? {} : { request: openRequest }',
        'openRequest === undefined → false',
      ],
      ['...(source === undefined ? {} : { source }),', 'source === undefined → false'],
    ],
  },
  {
    file: 'src/recovery/rules/open.ts',
    why: 'whoever opens a request has found out whether its owner can be told: the default is for older ones',
    changes: [["ownerReach: request.ownerReach ?? 'not-in-slack',", '\'not-in-slack\' → ""']],
  },
  {
    file: 'src/recovery/rules/report.ts',
    why: 'nobody among the people has no id',
    changes: [
      [
        'const ownersNow = owner === undefined ? undefined : participants.get(owner)',
        'owner === undefined → false',
      ],
    ],
  },
  {
    file: 'src/recovery/rules/explain.ts',
    why: 'a field that is undefined is left out of what is printed',
    changes: [
      ['return { person, ...(why === undefined ? {} : { why }) }', 'why === undefined → false'],
      [
        "return asked.kind === 'refused' ? { method, why: asked.why } : { method }",
        "asked.kind === 'refused' → true",
      ],
    ],
  },
  {
    file: 'src/recovery/rules/explain.ts',
    why: 'a policy that is read has a method in each tier, a check for it, and evidence for each check',
    changes: [
      ["identityCheck: check?.id ?? '',", filledText],
      [
        "evidence?.kind === 'source' ? (evidence.options[0] ?? '') : (evidence?.form.example ?? ''),",
        filledText,
      ],
      ["const [method = 'reset'] = tier.methods", '\'reset\' → ""'],
    ],
  },
  {
    file: 'src/recovery/rules/freeze.ts',
    why: 'where no request is known there is no freeze either: the compiler wants both asked',
    changes: [
      ['if (request === undefined || freeze === undefined) {', 'freeze === undefined → false'],
    ],
  },
  {
    file: 'src/sealing/password-sealer.ts',
    why: 'Node takes tags of 16 bytes alone where nothing is said, and text for UTF-8',
    changes: [
      [
        "const cipher = createCipheriv('aes-256-gcm', boxKey(this.#key, salt), nonce, {",
        '{ authTagLength: tagBytes, } → {}',
      ],
      [
        "const decipher = createDecipheriv('aes-256-gcm', boxKey(key, sealed.salt), sealed.nonce, {",
        '{ authTagLength: tagBytes, } → {}',
      ],
      ["cipher.update(secret.reveal(), 'utf8'),", '\'utf8\' → ""'],
    ],
  },
]
