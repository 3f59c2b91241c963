/** Draws a screen as an HTML document: pure functions, from the whole page down to its parts. */

import { script, style } from './assets.ts'
import { type Content, type Html, html } from './html.ts'
import { type Language, otherThan } from './language.ts'
import { longestPassword, passwordRulesAttribute, rulesOf } from './rules.ts'
import type { Problem, Screen } from './screen.ts'
import type { PageText } from './text/page-text.ts'
import { texts } from './text/texts.ts'

/** What a page needs to know besides what it shows. */
export interface Setting {
  readonly language: Language
  /** Where owners find the page: the path of its URL. */
  readonly path: string
  readonly pools: readonly string[]
  /** Proves that a form came from here. */
  readonly token: string
}

/** The whole document. */
export function draw(screen: Screen, setting: Setting): string {
  const text = texts[setting.language]
  const faulty = screen.kind === 'notice' || ('problem' in screen && screen.problem !== undefined)
  return html`<!doctype html>
<html lang="${setting.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${faulty && `${text.problemTitle}: `}${heading(screen, text)}</title>
<style>${style.text}</style>
</head>
<body>
<div class="sheet">
<header class="top"><span>${text.title}${poolName(screen, setting)}</span>${languageSwitch(screen, setting)}</header>
<main>
<h1>${heading(screen, text)}</h1>
${problemBox(screen, text)}
${body(screen, setting, text)}
</main>
</div>
<script>${script.text}</script>
</body>
</html>
`.toString()
}

type Ask = Extract<Screen, { kind: 'ask' }>
type Change = Extract<Screen, { kind: 'change' }>

function heading(screen: Screen, text: PageText): string {
  return screen.kind === 'notice' ? text.title : text[screen.kind]
}

function body(screen: Screen, setting: Setting, text: PageText): Content {
  switch (screen.kind) {
    case 'pools':
      return html`<ul class="pools">${setting.pools.map((pool) => html`<li><a href="${startOf(pool, setting)}">${pool}</a></li>`)}</ul>`
    case 'ask':
      return ask(screen, setting, text)
    case 'change':
      return change(screen, setting, text)
    case 'done':
      return html`<p>${text.doneHint}</p>`
    case 'notice':
      return html`<p role="alert">${text.notices[screen.notice]}</p>
<p><a href="${setting.path}?lang=${setting.language}">${text.back}</a></p>`
  }
}

function ask(screen: Ask, setting: Setting, text: PageText): Html {
  return html`<p>${text.askHint}</p>
<form method="post" action="${pathOf(screen, setting)}">
${carried(setting)}
<div class="field">
<label for="username">${text.username}</label>
<input id="username" name="username" value="${screen.username}" autocomplete="username" autocapitalize="none" autocorrect="off" spellcheck="false" maxlength="128" required${state(screen, 'username')}>
</div>
<button name="do" value="send">${text.send}</button>
<button name="do" value="show" class="second">${text.have}</button>
</form>`
}

function change(screen: Change, setting: Setting, text: PageText): Html {
  const { rules } = screen
  return html`${screen.sent && html`<p role="status">${text.sent}</p>`}
<form method="post" action="${pathOf(screen, setting)}">
${carried(setting)}
<div class="field">
<label for="username">${text.account}</label>
<input id="username" name="username" value="${screen.username}" autocomplete="username" readonly>
</div>
<div class="field">
<label for="code">${text.code}</label>
<p class="hint" id="code-hint">${text.codeHint}</p>
<input id="code" name="code" value="${screen.code?.reveal()}" autocomplete="one-time-code" inputmode="numeric" autocapitalize="none" spellcheck="false" maxlength="2048" required${state(screen, 'code', 'code-hint')}>
</div>
${rules ? ruleList(rules, text) : html`<p class="hint" id="rules">${text.rulesUnknown}</p>`}
<div class="field">
<label for="password">${text.password}</label>
<input id="password" name="password" type="password" autocomplete="new-password" maxlength="${longestPassword}" required data-checked${rules && html` passwordrules="${passwordRulesAttribute(rules)}"`}${state(screen, 'password', 'rules')}>
<label class="show" hidden><input type="checkbox" data-show> ${text.show}</label>
</div>
<button name="do" value="change">${text.set}</button>
</form>
<div class="after">
<p>${text.nothingCame}</p>
<form method="post" action="${pathOf(screen, setting)}">
${carried(setting)}<input type="hidden" name="username" value="${screen.username}">
<p><button name="do" value="send" class="link">${text.sendAgain}</button></p>
</form>
<p><a href="${startOf(screen.pool, setting)}">${text.otherAccount}</a></p>
</div>`
}

function ruleList(rules: NonNullable<Change['rules']>, text: PageText): Html {
  const items = rulesOf(rules).map(
    ({ name, pattern }) => html`
<li data-pattern="${pattern}" data-yes="${text.met}" data-no="${text.notMet}"><span>${text.rule[name].replace('{n}', String(rules.minimumLength))} <span class="unseen" data-state></span></span></li>`,
  )
  return html`<section class="rules">
<h2 id="rules-title">${text.rules}</h2>
<ul id="rules" aria-labelledby="rules-title">${items}
</ul>
<p role="status" data-summary data-all="${text.allMet}" data-missing="${text.missing}"></p>
</section>`
}

/** The token and the language, which every form takes along. */
function carried({ token, language }: Setting): Html {
  return html`<input type="hidden" name="token" value="${token}"><input type="hidden" name="lang" value="${language}">`
}

function problemBox(screen: Screen, text: PageText): Content {
  if (!('problem' in screen) || !screen.problem) return undefined
  return html`<p class="problem" id="problem" role="alert">${text.problems[screen.problem]}</p>`
}

type Field = 'username' | 'code' | 'password'

/** Which field a problem is about; the cursor waits there. */
const fieldOf = {
  'no-name': 'username',
  'unfit-name': 'username',
  'no-code': 'code',
  'wrong-code': 'code',
  'password-policy': 'password',
  'password-history': 'password',
  'stale-form': undefined,
  'too-many-tries': undefined,
  busy: undefined,
  unavailable: undefined,
  unclear: undefined,
} satisfies Record<Problem, Field | undefined>

/** What a field says of itself, `about` being the id of its description. */
function state(screen: Ask | Change, field: Field, about?: string): Html {
  const concerned = screen.problem && fieldOf[screen.problem] === field
  const described = [concerned && 'problem', about].filter(Boolean).join(' ')
  return html`${described && html` aria-describedby="${described}"`}${concerned && html` aria-invalid="true"`}${first(screen) === field && html` autofocus`}`
}

function first(screen: Ask | Change): Field {
  const start = screen.kind === 'ask' ? 'username' : 'code'
  return (screen.problem && fieldOf[screen.problem]) ?? start
}

// In step two the name is on its way in a form, so a link would lose it; and it is in no URL.
function languageSwitch(screen: Screen, setting: Setting): Content {
  const other = otherThan(setting.language)
  const name = texts[other].language
  if (screen.kind === 'done') return undefined
  if (screen.kind !== 'change') {
    return html`<a href="${pathOf(screen, setting)}?lang=${other}" lang="${other}" hreflang="${other}">${name}</a>`
  }
  return html`<form method="post" action="${pathOf(screen, setting)}">
<input type="hidden" name="token" value="${setting.token}"><input type="hidden" name="lang" value="${other}"><input type="hidden" name="username" value="${screen.username}">
<button name="do" value="show" class="link" lang="${other}">${name}</button>
</form>`
}

function poolName(screen: Screen, { pools }: Setting): Content {
  return 'pool' in screen && pools.length > 1 && ` · ${screen.pool}`
}

function pathOf(screen: Screen, { path }: Setting): string {
  return 'pool' in screen ? `${path}/${encodeURIComponent(screen.pool)}` : path
}

function startOf(pool: string, { path, language }: Setting): string {
  return `${path}/${encodeURIComponent(pool)}?lang=${language}`
}
