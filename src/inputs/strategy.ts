import { AUTO_STEPS, type Step, type Strategy } from '../model/strategy.ts';
import { SECOND } from '../model/time.ts';
import { quote } from '../model/text.ts';
import { problemsOf, understood, within, wrong, type Parsed, type Problem } from './field.ts';
import { duration } from './scalars.ts';
import { didYouMean } from './words.ts';

type Steps = readonly Step[];

/** The names of our own and what they stand for. */
const SHORT_NAMES = new Map([
  ['canary', 'Canary10Percent10Minutes'],
  ['linear', 'Linear10PercentEvery3Minutes'],
  ['all-at-once', 'AllAtOnce'],
]);

/** CodeDeploy's names with any numbers (CodeDeploy user guide, "Working with deployment configurations"). */
const CODEDEPLOY_NAME =
  /^(?:CodeDeployDefault\.)?(?:Lambda)?(?:(Canary(?=\d+Percent\d)|Linear(?=\d+PercentEvery))(\d+)Percent(?:Every)?(\d+)Minutes?|AllAtOnce)$/i;

const NAMES = ['auto', ...SHORT_NAMES.keys(), 'Canary10Percent5Minutes', 'Linear10PercentEvery1Minute', 'AllAtOnce'];
const A_STRATEGY = `steps such as 5% 5m, 25% 10m, or a name: ${NAMES.join(', ')}`;
const A_STEP = 'a weight and a dwell such as 10% 5m';
const RISING = 'weights that rise from step to step';

/** As many rising whole percents as there are below 100. */
const MOST_STEPS = 99;

const dwellOf = duration(SECOND);

/** Every form of the `strategy` input. The name is what was written, on one line. */
export function strategy(text: string): Parsed<Strategy> {
  if (text.toLowerCase() === 'auto') return understood({ name: 'auto', steps: AUTO_STEPS, pace: 'evidence' });
  const items = text
    .split(/[,\n]/)
    .map(onOneLine)
    .filter((item) => item !== '');
  const isName = items.length === 1 && /^[a-z][^%\s]*$/i.test(text);
  const steps = isName ? namedSteps(text) : listedSteps(items);
  return 'value' in steps ? understood({ name: items.join(', '), steps: steps.value, pace: 'fixed' }) : steps;
}

function onOneLine(item: string): string {
  return item.trim().replace(/\s+/g, ' ');
}

function namedSteps(text: string): Parsed<Steps> {
  const match = CODEDEPLOY_NAME.exec(SHORT_NAMES.get(text.toLowerCase()) ?? text);
  if (match === null) return wrong(`${quote(text)} is unknown${didYouMean(text, NAMES)}`, A_STRATEGY);
  const [, kind, weight, minutes] = match;
  if (kind === undefined) return understood([]);
  const parsed = step(`${weight}% ${minutes}m`);
  if ('problems' in parsed) return { problems: parsed.problems.map(within(quote(text))) };
  return understood(kind.toLowerCase() === 'linear' ? repeated(parsed.value) : [parsed.value]);
}

/** The step's weight, twice its weight and so on, as long as the canary has not everything. */
function repeated({ weight, dwell }: Step): Steps {
  return Array.from({ length: Math.ceil(100 / weight) - 1 }, (_, index) => ({ weight: weight * (index + 1), dwell }));
}

function listedSteps(items: readonly string[]): Parsed<Steps> {
  if (items.length === 0) return wrong('there is no step in it', A_STRATEGY);
  if (items.length > MOST_STEPS)
    return wrong(`has ${items.length} steps`, `at most ${MOST_STEPS} steps, as their weights rise`);
  const parsed = items.map(step);
  const steps = parsed.map((one) => ('value' in one ? one.value : undefined));
  const problems = parsed.flatMap((one, index) => [
    ...problemsOf(one).map(within(`step ${index + 1}`)),
    ...orderProblems(steps, index),
  ]);
  return problems.length > 0 ? { problems } : understood(steps.filter((one) => one !== undefined));
}

/** Against the step before; a step that could not be read is not compared. */
function orderProblems(steps: readonly (Step | undefined)[], index: number): readonly Problem[] {
  const [before, here] = [steps[index - 1], steps[index]];
  if (before === undefined || here === undefined || before.weight < here.weight) return [];
  const problem =
    before.weight === here.weight
      ? `step ${index + 1} repeats the weight ${here.weight}%`
      : `step ${index + 1} falls from ${before.weight}% to ${here.weight}%`;
  return [{ problem, expected: RISING }];
}

function step(item: string): Parsed<Step> {
  if (/^\d+%$/.test(item)) return wrong(`${quote(item)} has no dwell`, A_STEP);
  if (!/^\S+ \S+$/.test(item)) return wrong(`${quote(item)} is not a weight and a dwell`, A_STEP);
  const space = item.indexOf(' ');
  const weight = weightOf(item.slice(0, space));
  const dwell = dwellOf(item.slice(space + 1));
  if ('value' in weight && 'value' in dwell) return understood({ weight: weight.value, dwell: dwell.value });
  return { problems: [weight, dwell].flatMap(problemsOf) };
}

function weightOf(text: string): Parsed<number> {
  if (/^\d+$/.test(text)) return wrong(`${quote(text)} has no % sign (did you mean ${text.slice(0, 20)}%?)`, A_STEP);
  if (/^\d+\.\d+%$/.test(text))
    return wrong(`${quote(text)} is not a whole percent`, 'a weight from 1% to 99% without decimals');
  if (!/^\d+%$/.test(text)) return wrong(`${quote(text)} is not a weight`, A_STEP);
  const weight = Number(text.slice(0, -1));
  if (weight === 0) return wrong(`${quote(text)} sends the canary no traffic`, 'a weight from 1% to 99%');
  if (weight > 99)
    return wrong(
      `${quote(text)} leaves the baseline no traffic`,
      'a weight from 1% to 99%; 100% follows the last step by itself',
    );
  return understood(weight);
}
