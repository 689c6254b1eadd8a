import { describe, expect, test } from '@jest/globals';
import { deploy, sentences } from './support.ts';

/** The runner takes the common indentation off. */
const metricsOf = (text: string): unknown =>
  deploy({ metrics: text.replaceAll('\n      ', '\n'), 'error-tolerance': '0.2%' }).metrics;
const QUERY = "SUM(SEARCH('{Shop,Version} Version=\"{{version}}\"', 'Sum'))";

describe('what is right', () => {
  test.each(['', '[]', '# none', 'null', '---\n'])('none: %j', (text) => {
    expect(metricsOf(text)).toEqual([]);
  });

  test('expressions and metrics, counts and limits', () => {
    const text = `
      - name: failed payments
        bad: >-
          ${QUERY}
        total: {namespace: Shop, metric: Payments, dimensions: {Version: "{{version}}", Fn: "{{function}}:{{alias}}"}}
        tolerance: 0.5%
      - name: retries
        bad: ${QUERY}
        total: {namespace: Shop, metric: Latency, stat: SampleCount, dimensions: {Version: "{{version}}"}}
      - name: queue age
        value: {namespace: AWS/SQS, metric: Age}
        max: 30
      - name: 5xx/min
        value: {namespace: AWS/SQS, metric: Age, stat: p90, dimensions:}
        min: -1.5
        max: 0`;
    const dimensions = { Version: '{{version}}' };
    expect(metricsOf(text)).toEqual([
      {
        kind: 'counted',
        name: 'failed payments',
        bad: { expression: QUERY },
        total: {
          namespace: 'Shop',
          metric: 'Payments',
          dimensions: { ...dimensions, Fn: '{{function}}:{{alias}}' },
          stat: 'Sum',
        },
        tolerance: 0.005,
      },
      {
        kind: 'counted',
        name: 'retries',
        bad: { expression: QUERY },
        total: { namespace: 'Shop', metric: 'Latency', dimensions, stat: 'SampleCount' },
        tolerance: 0.002,
      },
      {
        kind: 'limited',
        name: 'queue age',
        value: { namespace: 'AWS/SQS', metric: 'Age', dimensions: {}, stat: 'Average' },
        max: 30,
        min: undefined,
      },
      {
        kind: 'limited',
        name: '5xx/min',
        value: { namespace: 'AWS/SQS', metric: 'Age', dimensions: {}, stat: 'p90' },
        max: 0,
        min: -1.5,
      },
    ]);
  });

  test('JSON is YAML, too', () => {
    expect(metricsOf('[{"name": "a", "value": "m", "min": 0}]')).toEqual([
      { kind: 'limited', name: 'a', value: { expression: 'm' }, max: undefined, min: 0 },
    ]);
  });
});

const LIST = 'Expected a YAML list of metrics, with quotes around a text that begins with a brace.';

describe('what is no list of metrics', () => {
  test.each([
    ['name: a', 'is a mapping'],
    ['a text', 'is a text'],
    ['7', 'is a number'],
    ['true', 'is a boolean'],
    ['- name: a\n  name: b', 'is not YAML ("Map keys must be unique at line 2, column 3")'],
    ['- name: "a\n- b', 'is not YAML ("Missing closing \\"quote at line 2, column 4")'],
    ['- *x', 'is not YAML ("ReferenceError: Unresolved alias (the anchor must be set before the alias): x")'],
  ])('%j', (text, problem) => {
    expect(sentences({ metrics: text })).toEqual([`metrics: ${problem.replaceAll('\\"', '"')}. ${LIST}`]);
  });

  test.each(['{'.repeat(30), `- ${'['.repeat(1000)}`, '{a, '.repeat(100)])(
    'nested so deep that a parser is lost: %#',
    (text) => {
      expect(sentences({ metrics: text })).toEqual([`metrics: is nested too deep. ${LIST}`]);
    },
  );

  test('too much of it', () => {
    const many = (count: number): string => '- {value: x, max: 1}\n'.repeat(count);
    expect(sentences({ metrics: many(21) })).toEqual(['metrics: has 21 items. Expected at most 20.']);
    expect(sentences({ metrics: many(20) })).toHaveLength(20);
    expect(sentences({ metrics: `#${' '.repeat(50_000)}x` })).toEqual([
      'metrics: has 50002 characters. Expected at most 50000.',
    ]);
  });
});

/** The problems of one item, without what was expected. */
function problemsIn(item: string): readonly string[] {
  return sentences({ metrics: `- ${item}` }).map((sentence) =>
    sentence.replace(/^metrics: item 1 ?|\. Expected .*/gs, ''),
  );
}

const NAMED = 'name: a, ';

describe('what an item lacks, or has too much of', () => {
  test.each([
    ['a text', [': is a text']],
    ['[a]', [': is a list']],
    ['', [': is empty']],
    ['!!binary aGk=', [': is empty']],
    ['{}', [': has no name', ': has neither value nor bad and total']],
    [`{${NAMED} value: x}`, ['"a": has neither max nor min']],
    [
      `{${NAMED} value: x, max: 1, bad: y}`,
      ['"a": has value together with bad', '"a": bad: does not hold {{version}}'],
    ],
    [
      `{${NAMED} value: x, max: 1, total: "{{version}}", bad: "{{version}}"}`,
      ['"a": has value together with bad and total'],
    ],
    [`{${NAMED} value: x, max: 1, tolerance: 1%}`, ['"a": has a tolerance, which belongs to bad and total']],
    [`{${NAMED} bad: "{{version}}"}`, ['"a": has bad without total']],
    [`{${NAMED} total: "{{version}}"}`, ['"a": has total without bad']],
    [`{${NAMED} total: "{{version}}", bad: "{{version}}", min: 1}`, ['"a": has a limit, which belongs to value']],
    [`{${NAMED} value: x, max: 1, min: 2}`, ['"a": has a min above its max']],
    [`{${NAMED} value: x, max: "1"}`, ['"a": max: is a text']],
    [`{${NAMED} value: x, max: .inf, min: .nan}`, ['"a": max: is not finite', '"a": min: is not finite']],
    [`{name: 7, value: x, max: 1}`, [': name: is a number']],
    [`{name: "a\\nb", value: x, max: 1}`, ['"a\\nb": name: "a\\nb" cannot be shown']],
    [`{name: Error Rate, value: x, max: 1}`, ['"Error Rate": name: "Error Rate" is measured anyway']],
    [
      `{${NAMED} vaule: x, max: 1, period: 60}`,
      [
        '"a": "vaule" is unknown (did you mean value?)',
        '"a": "period" is unknown',
        '"a": has neither value nor bad and total',
        '"a": has a limit, which belongs to value',
      ],
    ],
  ])('%s', (item, problems) => {
    expect(problemsIn(item)).toEqual(problems);
  });

  test.each([
    ['0.5', '"0.5" has no % sign'],
    ['100%', '"100%" is out of range'],
    ['[]', '"" is not a percentage'],
  ])('tolerance %s', (text, problem) => {
    const item = `{${NAMED} bad: "{{version}}", total: "{{version}}", tolerance: ${text}}`;
    expect(problemsIn(item)).toEqual([`"a": tolerance: ${problem}`]);
  });

  test('two items of the same name', () => {
    expect(
      sentences({ metrics: '- {name: a, value: x, max: 1}\n- {value: x, max: 1}\n- {name: A, value: x, max: 1}' }),
    ).toEqual([
      'metrics: item 2: has no name. Expected at most 60 letters, digits, spaces and . _ / - with a letter or digit first.',
      'metrics: item 3 "A": has the name of item 1. Expected a name of its own.',
    ]);
  });
});

describe('queries', () => {
  const query = (text: string): readonly string[] =>
    problemsIn(`{${NAMED} max: 1, value: ${text}}`).map((problem) => problem.replace('"a": value: ', ''));

  test.each([
    ['" "', ['is empty']],
    ['7', ['is a number']],
    [`"${'x'.repeat(2049)}"`, ['has 2049 characters']],
    [
      '"{{verison}} {{ alias }} {{x"',
      [
        '"{{verison}}" is no placeholder (did you mean {{version}}?)',
        '"{{ alias }}" is no placeholder (did you mean {{alias}}?)',
        '"{{x" is no placeholder',
      ],
    ],
    ['{{version}}', ['begins with a brace, which means a mapping in YAML']],
    ['{}', ['namespace: is missing', 'metric: is missing']],
    ['{namespace: A, metrc: B}', ['"metrc" is unknown (did you mean metric?)', 'metric: is missing']],
    ['{namespace: A, metric: 7, stat: "{{stat}}"}', ['metric: is a number', 'stat: "{{stat}}" is no placeholder']],
    ['{namespace: A, metric: B, dimensions: [C]}', ['dimensions: is a list']],
    [
      '{namespace: A, metric: B, dimensions: {C: 7, D: , E: "{{x}}", F: {{version}}}}',
      [
        'dimensions: "C": is a number',
        'dimensions: "D": is missing',
        'dimensions: "E": "{{x}}" is no placeholder',
        'dimensions: "F": is a mapping',
      ],
    ],
    [
      `{namespace: A, metric: B, dimensions: {${Array.from({ length: 31 }, (_, index) => `d${index}: x`).join()}}}`,
      ['dimensions: has 31 dimensions'],
    ],
  ])('%s', (text, problems) => {
    expect(query(text)).toEqual(problems);
  });

  test('an average does not count', () => {
    const metric = '{namespace: A, metric: B, stat: Average, dimensions: {V: "{{version}}"}}';
    expect(problemsIn(`{${NAMED} bad: ${metric}, total: "{{version}}"}`)).toEqual([
      '"a": bad: the statistic "Average" does not count',
    ]);
  });

  test('every problem of every item at once, with what would be right', () => {
    const text = '- {name: a, value: x}\n- {name: b, bad: 7, total: "{{v}}", extra: 1}';
    const both = 'Expected {{version}}, {{alias}} or {{function}}.';
    expect(sentences({ metrics: text })).toEqual([
      'metrics: item 1 "a": has neither max nor min. Expected at least one of them.',
      'metrics: item 2 "b": "extra" is unknown. Expected name, bad, total, tolerance, value, max or min.',
      'metrics: item 2 "b": bad: is a number. Expected an expression of CloudWatch metric math, or a mapping of namespace, metric, dimensions and stat.',
      `metrics: item 2 "b": total: "{{v}}" is no placeholder. ${both}`,
    ]);
  });
});
