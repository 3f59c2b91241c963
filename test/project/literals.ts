/** The string literals of a TypeScript file, each with what it is given to. */

import { createScanner, SyntaxKind } from 'typescript/unstable/ast'

export interface Literal {
  readonly line: number
  /** What it says; a null character stands for what is put in. */
  readonly text: string
  /** The source before the call or the property that it stands in: `throw new Error(`, `because: `. */
  readonly before: string
}

/** A template is one literal, and so is each that stands inside what is put into it. */
export function literalsIn(source: string): Literal[] {
  const scanner = createScanner(true, undefined, source)
  const found: Literal[] = []
  /** What is open: a brace or a call, or a template with what it says so far. */
  const open: (Template | Bracket)[] = []
  let last = SyntaxKind.Unknown
  for (let token = scanner.scan(); token !== SyntaxKind.EndOfFile; token = scanner.scan()) {
    if (token === SyntaxKind.SlashToken && !endsValue.has(last)) token = scanner.reScanSlashToken()
    if (token === SyntaxKind.CloseBraceToken && open.at(-1)?.kind === 'template')
      token = scanner.reScanTemplateToken(false)
    read(token)
    last = token
  }
  return found

  function read(token: SyntaxKind): void {
    const at = scanner.getTokenStart()
    const inner = open.at(-1)
    switch (token) {
      case SyntaxKind.StringLiteral:
      case SyntaxKind.NoSubstitutionTemplateLiteral:
        found.push(literal(at, scanner.getTokenValue()))
        break
      case SyntaxKind.TemplateHead:
        open.push({ kind: 'template', at, text: `${scanner.getTokenValue()}\0` })
        break
      case SyntaxKind.TemplateMiddle:
        if (inner?.kind === 'template') inner.text += `${scanner.getTokenValue()}\0`
        break
      case SyntaxKind.TemplateTail:
        open.pop()
        if (inner?.kind === 'template')
          found.push(literal(inner.at, inner.text + scanner.getTokenValue()))
        break
      default:
        bracket(token, at)
    }
  }

  function bracket(token: SyntaxKind, at: number): void {
    if (openers.has(token)) open.push({ kind: 'bracket', at })
    else if (closers.has(token)) open.pop()
  }

  function literal(at: number, text: string): Literal {
    const line = source.slice(0, at).split('\n').length
    const call = open.findLast((each) => each.kind === 'bracket' && source[each.at] === '(')
    const upTo = (end: number) => source.slice(Math.max(0, end - 60), end)
    return { line, text, before: `${call === undefined ? '' : upTo(call.at + 1)}\n${upTo(at)}` }
  }
}

interface Template {
  readonly kind: 'template'
  readonly at: number
  text: string
}

interface Bracket {
  readonly kind: 'bracket'
  readonly at: number
}

const openers: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.OpenBraceToken,
  SyntaxKind.OpenParenToken,
  SyntaxKind.OpenBracketToken,
])

const closers: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.CloseBraceToken,
  SyntaxKind.CloseParenToken,
  SyntaxKind.CloseBracketToken,
])

/** After these a slash divides; after anything else it begins a regular expression. */
const endsValue: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.Identifier,
  SyntaxKind.NumericLiteral,
  SyntaxKind.StringLiteral,
  SyntaxKind.CloseParenToken,
  SyntaxKind.CloseBracketToken,
  SyntaxKind.ThisKeyword,
])
