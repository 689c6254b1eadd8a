import { type CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { ActionFailure } from '../model/failure.ts';
import { quote } from '../model/text.ts';
import type { AlarmSource, AlarmState } from '../rollout/ports.ts';
import { callAws } from './failures.ts';

/** Most names that one call takes, and most alarms on one page (CloudWatch API reference, DescribeAlarms). */
const CHUNK = 100;

/** Metric, composite and log alarms alike: without their types, DescribeAlarms tells of metric alarms only. */
export class CloudWatchAlarms implements AlarmSource {
  #client: CloudWatchClient;
  #region: string;

  constructor(options: { client: CloudWatchClient; region: string }) {
    this.#client = options.client;
    this.#region = options.region;
  }

  async readAlarms(names: readonly string[], signal?: AbortSignal): Promise<readonly AlarmState[]> {
    const found = new Map<string, AlarmState>();
    for (let start = 0; start < names.length; start += CHUNK) {
      const chunk = names.slice(start, start + CHUNK);
      for (const alarm of await this.#describe(chunk, signal)) found.set(alarm.name, alarm);
    }
    const missing = names.filter((name) => !found.has(name));
    if (missing.length > 0) throw this.#missing(missing);
    return names.flatMap((name) => found.get(name) ?? []);
  }

  async #describe(names: readonly string[], signal: AbortSignal | undefined): Promise<readonly AlarmState[]> {
    const input = {
      AlarmNames: [...names],
      AlarmTypes: ['MetricAlarm' as const, 'CompositeAlarm' as const, 'LogAlarm' as const],
      MaxRecords: CHUNK,
    };
    const subject = names.length === 1 ? `alarm ${names.join()}` : `${names.length} alarms`;
    return callAws({ action: 'cloudwatch:DescribeAlarms', subject, region: this.#region }, async () => {
      const alarms: AlarmState[] = [];
      const options = signal === undefined ? {} : { abortSignal: signal };
      for await (const page of paginateDescribeAlarms({ client: this.#client }, input, options)) {
        const lists = [page.MetricAlarms, page.CompositeAlarms, page.LogAlarms];
        alarms.push(...lists.flatMap((list = []) => list.map(toAlarm)));
      }
      return alarms;
    });
  }

  #missing(names: readonly string[]): ActionFailure {
    const quoted = names.map(quote).join(', ');
    const what = names.length === 1 ? `the alarm ${quoted} does` : `the alarms ${quoted} do`;
    return new ActionFailure(
      `${what} not exist in ${this.#region}`,
      'Correct the alarms input (names are case-sensitive, and an alarm must be in the region and account of the function), or create what is missing.',
      { permanent: true },
    );
  }
}

interface Described {
  readonly AlarmName?: string | undefined;
  readonly StateValue?: unknown;
  readonly StateReason?: unknown;
}

const STATES: readonly AlarmState['state'][] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];

/** A state that is none of the three says nothing: it must not be taken for one that does not ring. */
function toAlarm({ AlarmName: name = '', StateValue: value, StateReason: reason = '' }: Described): AlarmState {
  const state = STATES.find((known) => known === value);
  if (state !== undefined) return { name, state, reason: typeof reason === 'string' ? reason : '' };
  throw new ActionFailure(
    `CloudWatch does not say in which state the alarm ${quote(name)} is`,
    'This usually passes; run this step again, or look at the AWS status page.',
  );
}
