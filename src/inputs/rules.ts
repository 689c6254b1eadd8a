import type { InputIssue } from '../model/failure.ts';
import type { InputName } from '../model/names.ts';
import { totalDwell, type Strategy } from '../model/strategy.ts';
import { formatDuration, MINUTE } from '../model/time.ts';
import { quote } from '../model/text.ts';
import { regionOfImage } from './aws-values.ts';
import { configurationIssues } from './configuration-rules.ts';
import type { Source } from './inputs.ts';
import type { Fields, Texts } from './schema.ts';

/** What is wrong between inputs that are right by themselves; inputs that are not are left out of it. */
export function crossIssues(known: Partial<Fields>): readonly InputIssue[] {
  return [
    ...regionIssues(known),
    ...configurationIssues({
      ...known,
      region: known['aws-region'],
      image: known['image-uri'],
      hasZip: known.artifact !== undefined || known['s3-key'] !== undefined,
    }),
    ...durationIssues(known),
    ...judgingIssues(known),
  ];
}

function regionIssues({
  'aws-region': region,
  'function-name': ref,
  'image-uri': image,
  alarms = [],
}: Partial<Fields>): InputIssue[] {
  if (region === undefined) return [];
  const issues: InputIssue[] = [];
  if (ref?.region !== undefined && ref.region !== region) {
    const problem = `${quote(region)} is not the region in the ARN of function-name`;
    issues.push({ input: 'aws-region', problem, expected: ref.region });
  }
  if (image !== undefined && regionOfImage(image) !== region) {
    const problem = `${quote(image)} is not in the function's region`;
    issues.push({ input: 'image-uri', problem, expected: `an image in ${region}, as Lambda takes no other` });
  }
  const foreign = alarms.filter((alarm) => alarm.region !== undefined && alarm.region !== region);
  return [
    ...issues,
    ...foreign.map(({ text }) => ({
      input: 'alarms',
      problem: `${quote(text)} is not in the function's region`,
      expected: `an alarm in ${region}`,
    })),
  ];
}

/** Least time for `auto`, ms: as long as `canary` takes, for when the evidence is slow to come. */
const LEAST_FOR_AUTO = 10 * MINUTE;

function durationOf(strategy: Strategy): number {
  return strategy.pace === 'evidence' ? LEAST_FOR_AUTO : totalDwell(strategy);
}

function durationIssues({ strategy, 'bake-time': bake, 'max-duration': most }: Partial<Fields>): InputIssue[] {
  if (most === undefined) return [];
  const steps = strategy === undefined ? 0 : durationOf(strategy);
  const baking = bake ?? 0;
  const [total, limit] = [formatDuration(steps + baking), formatDuration(most)];
  const issues: InputIssue[] = [];
  const beyond = (input: string, taken: string): InputIssue => ({
    input,
    problem: `${taken}, which is more than max-duration (${limit})`,
    expected: `at most ${limit}, or a longer max-duration`,
  });
  if (steps > most && strategy?.pace === 'evidence') {
    const expected = `at least ${formatDuration(steps)}`;
    issues.push({ input: 'max-duration', problem: `${limit} is too short for strategy auto`, expected });
  } else if (steps > most) {
    issues.push(beyond('strategy', `the steps take ${formatDuration(steps)}`));
  }
  if (baking > most) issues.push(beyond('bake-time', `is ${formatDuration(baking)}`));
  if (issues.length > 0 || steps + baking <= most) return issues;
  const parts = `${formatDuration(steps)} of steps and ${formatDuration(baking)} of bake-time`;
  return [{ input: 'max-duration', problem: `${limit} is less than ${parts} together`, expected: `at least ${total}` }];
}

/** Without a step and without a bake nothing is ever judged, so every release would end inconclusive. */
function judgingIssues({ strategy, 'bake-time': bake, 'on-inconclusive': policy }: Partial<Fields>): InputIssue[] {
  if (strategy?.steps.length !== 0 || bake !== 0 || policy === undefined || policy === 'promote') return [];
  const problem = `${policy} would meet every release, as strategy ${quote(strategy.name)} without bake-time judges nothing`;
  return [{ input: 'on-inconclusive', problem, expected: 'promote, or a bake-time, or a strategy with steps' }];
}

/** An input that was given and changes nothing. */
export interface Ineffective {
  readonly input: InputName;
  /** Completes `… has no effect`. */
  readonly because: string;
}

/** Inputs that are looked at while the canary is on a step or bakes, where it does neither. */
export function idleInputs({ strategy, 'bake-time': bake, ...fields }: Fields): readonly Ineffective[] {
  if (strategy.steps.length > 0) return [];
  const named = `with strategy ${quote(strategy.name)}`;
  const latency: Ineffective = { input: 'latency-threshold', because: `${named}, which compares no versions` };
  const watched = (['alarms', 'metrics'] as const).filter((input) => bake === 0 && fields[input].length > 0);
  return [
    ...(fields['latency-threshold'] === undefined ? [] : [latency]),
    ...watched.map((input) => ({ input, because: `${named} and without bake-time` })),
  ];
}

/** Where the code comes from, or what is wrong with what was said of it (no issue when that is reported already). */
export function resolveSource(known: Partial<Fields>, texts: Texts): Source | readonly InputIssue[] {
  const { artifact, exclude, 'image-uri': uri, 's3-bucket': bucket, 's3-key': key } = known;
  const issues = sourceIssues(known, texts);
  if (issues.length > 0) return issues;
  if (uri !== undefined) return { kind: 'image', uri };
  if (artifact !== undefined && exclude !== undefined) return { kind: 'artifact', path: artifact, exclude };
  if (changesAlone(texts)) return { kind: 'kept' };
  return bucket !== undefined && key !== undefined ? { kind: 'object', bucket, key } : [];
}

const A_SOURCE =
  'one of them, or s3-bucket and s3-key for an object that is already there, or configuration or environment alone';

/** Nothing is said of the code, but something of the configuration. */
function changesAlone(texts: Texts): boolean {
  const ofCode = (['artifact', 'image-uri', 's3-bucket', 's3-key'] as const).some((name) => texts[name] !== '');
  return !ofCode && (texts.configuration !== '' || texts.environment !== '');
}

function sourceIssues({ command }: Partial<Fields>, texts: Texts): readonly InputIssue[] {
  const [artifact, image] = [texts.artifact !== '', texts['image-uri'] !== ''];
  const [bucket, key] = [texts['s3-bucket'] !== '', texts['s3-key'] !== ''];
  if (artifact && image)
    return [{ input: 'artifact', problem: 'is given together with image-uri', expected: 'one of them' }];
  if (key && !bucket) return [{ input: 's3-key', problem: 'is given without s3-bucket', expected: 's3-bucket, too' }];
  if (artifact || image || key) return [];
  // Which command was meant is unknown when it is misspelt: it may need no source.
  if (command !== 'deploy' || changesAlone(texts)) return [];
  const problem = `neither artifact nor image-uri is given${bucket ? ', only s3-bucket' : ''}`;
  return [{ input: 'artifact', problem, expected: A_SOURCE }];
}
