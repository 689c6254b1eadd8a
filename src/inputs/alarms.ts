import { quote } from '../model/text.ts';
import { REGION } from './aws-values.ts';
import { understood, wrong, type Parsed, type Problem } from './field.ts';
import { listed } from './words.ts';

/** A CloudWatch alarm as the user named it. */
interface AlarmRef {
  /** What was written: the name or the ARN. */
  readonly text: string;
  readonly name: string;
  /** From an ARN; undefined otherwise. */
  readonly region: string | undefined;
}

/** A name may hold colons, too. */
const ALARM_ARN = new RegExp(`^arn:aws(?:-[a-z]+)*:cloudwatch:(?<region>${REGION}):\\d{12}:alarm:(?<name>.+)$`);
const AN_ALARM =
  'the name of a CloudWatch alarm or its ARN such as arn:aws:cloudwatch:eu-central-1:123456789012:alarm:checkout-5xx';

/** Longest name of an alarm (CloudWatch API reference, PutMetricAlarm). */
const NAME_LENGTH = 255;
/** As many as one DescribeAlarms call takes (CloudWatch API reference). */
const MOST_ALARMS = 100;

/** `alarms`: names and ARNs, separated by newlines or commas. */
export function alarms(text: string): Parsed<readonly AlarmRef[]> {
  const refs = listed(text).map(alarmRef);
  const problems = refs.flatMap(alarmProblems);
  const count = alarmNames(refs).length;
  if (problems.length > 0) return { problems };
  return count > MOST_ALARMS ? wrong(`has ${count} alarms`, `at most ${MOST_ALARMS}`) : understood(refs);
}

/** The names alone, each once. */
export function alarmNames(refs: readonly AlarmRef[]): readonly string[] {
  return [...new Set(refs.map(({ name }) => name))];
}

function alarmRef(text: string): AlarmRef {
  const { name = text, region } = ALARM_ARN.exec(text)?.groups ?? {};
  return { text, name, region };
}

function alarmProblems({ text, name, region }: AlarmRef): readonly Problem[] {
  if (region === undefined && name.startsWith('arn:'))
    return [{ problem: `${quote(text)} is not the ARN of a CloudWatch alarm`, expected: AN_ALARM }];
  if (name.length <= NAME_LENGTH) return [];
  return [{ problem: `the name ${quote(name)} has ${name.length} characters`, expected: `at most ${NAME_LENGTH}` }];
}
