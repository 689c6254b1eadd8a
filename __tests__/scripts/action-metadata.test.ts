import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readActionMetadata } from '../../scripts/action-metadata.ts';
import { INPUT_DEFAULTS, INPUT_NAMES, OUTPUT_NAMES, REQUIRED_INPUTS } from '../../src/model/names.ts';

describe('action.yml agrees with the code', () => {
  const text = readFileSync(new URL('../../action.yml', import.meta.url), 'utf8');
  const { inputs, outputs, runs } = readActionMetadata(text);

  test('names and order', () => {
    expect(inputs.map(({ name }) => name)).toEqual(INPUT_NAMES);
    expect(outputs.map(({ name }) => name)).toEqual(OUTPUT_NAMES);
  });

  test('defaults', () => {
    expect(Object.fromEntries(inputs.map((input) => [input.name, input.default]))).toEqual(INPUT_DEFAULTS);
  });

  test('what is required', () => {
    expect(inputs.filter(({ required }) => required).map(({ name }) => name)).toEqual(REQUIRED_INPUTS);
  });

  test('everything is described, in a sentence', () => {
    const undescribed = [...inputs, ...outputs].filter(({ description }) => !description.endsWith('.'));
    expect(undescribed).toEqual([]);
  });

  test('how it runs', () => {
    expect(Object.fromEntries(runs)).toEqual({ using: 'node24', main: 'dist/index.js', post: 'dist/post.js' });
  });
});

const action = (property: string): string =>
  `name: x\ninputs:\n  one:\n    ${property}\n\noutputs:\n  two:\n    description: b\n\nruns:\n  using: node24\n`;

describe('the reader', () => {
  test('plain and quoted values', () => {
    const text = action("description: 'it''s `a`: b'\n    required: true\n    default: ${{ github.token }}");
    expect(readActionMetadata(text)).toEqual({
      inputs: [{ name: 'one', description: "it's `a`: b", default: '${{ github.token }}', required: true }],
      outputs: [{ name: 'two', description: 'b', default: '', required: false }],
      runs: new Map([['using', 'node24']]),
    });
  });

  test.each([
    ['description: `deploy` it', 'action.yml: put quotes around `deploy` it'],
    ['description: note: this', 'action.yml: put quotes around note: this'],
    ['description: a # b', 'action.yml: put quotes around a # b'],
    ['description: >-', 'action.yml: put quotes around >-'],
    ["description: 'open", "action.yml: put quotes around 'open"],
    ['description:', 'action.yml: cannot read "    description:"'],
    ['more: x', 'action.yml: cannot read "    more: x"'],
  ])('refuses %j', (property, message) => {
    expect(() => readActionMetadata(action(property))).toThrow(new Error(message));
  });

  test('refuses what is no entry, and sections that are missing or twice', () => {
    expect(() => readActionMetadata('inputs:\n  one: two\noutputs:\n')).toThrow('action.yml: cannot read "  one: two"');
    expect(() => readActionMetadata('inputs:\n')).toThrow('action.yml: expected one section "outputs", found 0');
    expect(() => readActionMetadata('inputs:\ninputs:\n')).toThrow(
      'action.yml: expected one section "inputs", found 2',
    );
    expect(() => readActionMetadata('inputs:\noutputs:\nruns:\n  steps:\n')).toThrow(
      'action.yml: cannot read "  steps:"',
    );
  });
});
