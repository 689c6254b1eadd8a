import { MathProblem } from './math-values.ts';

/** A parsed expression. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'minus'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression };

const TOKEN =
  /\s*(?:(?<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)|(?<word>[A-Za-z_]\w*)|(?<text>'[^']*'|"[^"]*")|(?<sign><=|>=|==|!=|&&|\|\||[-+*/^()[\],<>]))/y;

/** Loosest first; within a level from left to right. */
const LEVELS: readonly (readonly string[])[] = [
  ['||', 'OR'],
  ['&&', 'AND'],
  ['<', '<=', '>', '>=', '==', '!='],
  ['+', '-'],
  ['*', '/'],
  ['^'],
];

interface Token {
  readonly kind: 'number' | 'word' | 'text' | 'sign';
  readonly text: string;
}

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  const text = source.trimEnd();
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined) throw new MathProblem(`Unexpected ${text.slice(at).trim().slice(0, 20)}`);
    const kind = (['number', 'word', 'text', 'sign'] as const).find((name) => groups[name] !== undefined) ?? 'sign';
    tokens.push({ kind, text: groups[kind] ?? '' });
  }
  return tokens;
}

/** Recursive descent over CloudWatch's metric math. Throws MathProblem. */
class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(source: string) {
    this.#tokens = tokensOf(source);
  }

  whole(): Expression {
    const expression = this.#binary(0);
    if (this.#at < this.#tokens.length) throw new MathProblem(`Unexpected ${this.#peek()}`);
    return expression;
  }

  #peek(): string {
    return this.#tokens[this.#at]?.text ?? 'end';
  }

  #next(): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new MathProblem('Unexpected end');
    this.#at += 1;
    return token;
  }

  #expect(sign: string): void {
    const { text } = this.#next();
    if (text !== sign) throw new MathProblem(`Unexpected ${text} where ${sign} should be`);
  }

  #binary(level: number): Expression {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    while (operators.includes(this.#peek())) {
      const operator = this.#next().text;
      left = { kind: 'binary', operator, left, right: this.#binary(level + 1) };
    }
    return left;
  }

  #unary(): Expression {
    if (this.#peek() !== '-') return this.#operand();
    this.#next();
    return { kind: 'minus', of: this.#unary() };
  }

  #operand(): Expression {
    const { kind, text } = this.#next();
    if (kind === 'number') return { kind, value: Number(text) };
    if (kind === 'text') return { kind, value: text.slice(1, -1) };
    if (kind === 'word')
      return this.#peek() === '(' ? { kind: 'call', name: text, args: this.#call() } : { kind: 'name', name: text };
    if (text === '[') return { kind: 'list', items: this.#items(']') };
    if (text !== '(') throw new MathProblem(`Unexpected ${text}`);
    const inner = this.#binary(0);
    this.#expect(')');
    return inner;
  }

  #call(): Expression[] {
    this.#expect('(');
    return this.#items(')');
  }

  #items(end: string): Expression[] {
    const items: Expression[] = [];
    while (this.#peek() !== end) {
      items.push(this.#binary(0));
      if (this.#peek() !== end) this.#expect(',');
    }
    this.#expect(end);
    return items;
  }
}

/** Throws MathProblem, also for Metrics Insights' SQL. */
export function parseMath(source: string): Expression {
  if (/^\s*SELECT\b/i.test(source))
    throw new MathProblem('Metrics Insights queries are not supported by the simulator');
  return new Parser(source).whole();
}
