import { parseMath } from './math-parser.ts';
import type { Expression } from './math-parser.ts';
import { MathProblem, combine, isSeries, seriesOf } from './math-values.ts';
import type { MathContext, Value } from './math-values.ts';
import type { TimeSeries } from './series.ts';

type Join = (a: number, b: number) => number;

const OPERATORS: Readonly<Record<string, Join>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  '<': (a, b) => Number(a < b),
  '<=': (a, b) => Number(a <= b),
  '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '&&': (a, b) => Number(a !== 0 && b !== 0),
  AND: (a, b) => Number(a !== 0 && b !== 0),
  '||': (a, b) => Number(a !== 0 || b !== 0),
  OR: (a, b) => Number(a !== 0 || b !== 0),
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Of an array: point by point, a series. Of one series: over its points, a number. */
const SUMMARIES: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SUM: sum,
  AVG: (values) => sum(values) / values.length,
  MAX: (values) => Math.max(...values),
  MIN: (values) => Math.min(...values),
};

function summarize(name: string, value: Value, summary: (values: readonly number[]) => number): Value {
  if (typeof value === 'number') throw new MathProblem(`${name} needs a time series or an array of them`);
  if (isSeries(value)) return summary(Array.from(value.points.values()));
  const values = new Map<number, number[]>();
  for (const { points } of value) {
    for (const [at, number] of points) values.set(at, [...(values.get(at) ?? []), number]);
  }
  const points = new Map(Array.from(values, ([at, numbers]) => [at, summary(numbers)] as const));
  return { label: name, period: value[0]?.period ?? 60_000, points };
}

/** Points for every period of the request that has begun, missing ones with `filler` or, undefined, the one before. */
function fill(series: TimeSeries, filler: number | undefined, { from, to }: MathContext): TimeSeries {
  const points = new Map<number, number>();
  let before: number | undefined;
  for (let at = Math.floor(from / series.period) * series.period; at < to; at += series.period) {
    const value = series.points.get(at) ?? filler ?? before;
    if (value !== undefined) points.set(at, value);
    before = value;
  }
  return { ...series, points };
}

function valueAt(value: Value, at: number): number | undefined {
  if (typeof value === 'number') return value;
  if (isSeries(value)) return value.points.get(at);
  throw new MathProblem('IF with an array is not supported by the simulator');
}

/** Where the condition has points: one value or the other, or no point where that has none. */
function choose(condition: Value, yes: Value, no: Value | undefined): Value {
  if (typeof condition === 'number') {
    const chosen = condition !== 0 ? yes : no;
    if (chosen === undefined) throw new MathProblem('IF of a number needs both values');
    return chosen;
  }
  if (!isSeries(condition)) throw new MathProblem('IF with an array is not supported by the simulator');
  const points = new Map<number, number>();
  for (const [at, holds] of condition.points) {
    const chosen = holds !== 0 ? yes : no;
    const value = chosen === undefined ? undefined : valueAt(chosen, at);
    if (value !== undefined) points.set(at, value);
  }
  return { ...condition, points };
}

function textOf(expression: Expression | undefined, what: string): string {
  if (expression?.kind !== 'text') throw new MathProblem(`${what} must be a text in quotes`);
  return expression.value;
}

/** Evaluates one expression in its context. */
class Calculation {
  readonly #context: MathContext;

  constructor(context: MathContext) {
    this.#context = context;
  }

  value(expression: Expression): Value {
    switch (expression.kind) {
      case 'number':
        return expression.value;
      case 'text':
        throw new MathProblem(`Unexpected text '${expression.value}'`);
      case 'name':
        return this.#context.named(expression.name);
      case 'list':
        return expression.items.flatMap((item) => this.#listed(item));
      case 'minus':
        return combine(0, this.value(expression.of), (a, b) => a - b);
      case 'binary':
        return combine(this.value(expression.left), this.value(expression.right), operator(expression.operator));
      case 'call':
        return this.#call(expression.name, expression.args);
    }
  }

  #listed(item: Expression): readonly TimeSeries[] {
    const value = this.value(item);
    if (typeof value === 'number') throw new MathProblem('An array holds time series only');
    return seriesOf(value);
  }

  #call(name: string, args: readonly Expression[]): Value {
    const summary = SUMMARIES[name];
    if (summary !== undefined) return summarize(name, this.#argument(name, args, 0), summary);
    if (name === 'METRICS') return this.#context.metrics(args.length === 0 ? '' : textOf(args[0], "METRICS' argument"));
    if (name === 'FILL') return this.#fill(args);
    if (name === 'SEARCH') return this.#search(args);
    if (name !== 'IF') throw new MathProblem(`The function ${name} is not supported by the simulator`);
    const no = args[2] === undefined ? undefined : this.value(args[2]);
    return choose(this.#argument(name, args, 0), this.#argument(name, args, 1), no);
  }

  #argument(name: string, args: readonly Expression[], index: number): Value {
    const argument = args[index];
    if (argument === undefined) throw new MathProblem(`${name} needs ${index + 1} arguments or more`);
    return this.value(argument);
  }

  #fill(args: readonly Expression[]): Value {
    const value = this.#argument('FILL', args, 0);
    const repeats = args[1]?.kind === 'name' && args[1].name === 'REPEAT';
    const filler = repeats ? undefined : this.#argument('FILL', args, 1);
    if (filler !== undefined && typeof filler !== 'number')
      throw new MathProblem('FILL takes a number or REPEAT; other fillers are not supported by the simulator');
    if (typeof value === 'number') throw new MathProblem('FILL needs a time series or an array of them');
    const change = (series: TimeSeries): TimeSeries => fill(series, filler, this.#context);
    return isSeries(value) ? change(value) : value.map(change);
  }

  #search(args: readonly Expression[]): Value {
    const period = args[2] === undefined ? 60 : this.value(args[2]);
    if (typeof period !== 'number') throw new MathProblem("SEARCH's period must be a number of seconds");
    const stat = textOf(args[1], "SEARCH's statistic");
    return this.#context.search(textOf(args[0], "SEARCH's text"), { stat, period });
  }
}

function operator(sign: string): Join {
  const join = OPERATORS[sign];
  if (join === undefined) throw new MathProblem(`The operator ${sign} is not supported by the simulator`);
  return join;
}

/** The value of a metric-math expression: operators, SUM, AVG, MAX, MIN, METRICS, FILL, IF, SEARCH. Throws MathProblem. */
export function calculate(source: string, context: MathContext): Value {
  return new Calculation(context).value(parseMath(source));
}
