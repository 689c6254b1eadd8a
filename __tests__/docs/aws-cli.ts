import * as sdk from '@aws-sdk/client-lambda';
import { type Simulator, startSimulator } from '../../simulator/index.ts';
import { scenarios } from '../../simulator/scenarios.ts';

type Input = Record<string, unknown>;

/** `update-alias` → `UpdateAlias`, as the AWS CLI names the operations of the API. */
function pascal(name: string): string {
  return name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** `--routing-config AdditionalVersionWeights={}`: the CLI's shorthand for structures. */
function valueOf(text: string): unknown {
  const [, key, value] = /^([A-Z]\w+)=(.*)$/.exec(text) ?? [];
  if (key !== undefined) return { [key]: value === '{}' ? {} : value };
  return /^\d+$/.test(text) ? Number(text) : text;
}

function parse(line: string): { readonly command: string; readonly input: Input } {
  const [, service, operation = '', ...rest] = line.split(/\s+/);
  if (service !== 'lambda') throw new Error(`no check for aws ${service ?? ''}`);
  const input: Input = {};
  for (let at = 0; at < rest.length; at += 2) {
    const name = pascal((rest[at] ?? '').replace(/^--/, '')).replace(/^Uuid$/, 'UUID');
    const text = rest[at + 1] ?? '';
    input[name] = /Version$|Qualifier$|Id$/.test(name) ? text : valueOf(text);
  }
  return { command: `${pascal(operation)}Command`, input };
}

/** What the SDK made of an input: the request's path, query and body in one. */
interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query?: object;
  readonly body?: Uint8Array | string;
}

/**
 * Whether a command of the AWS CLI is one: the API has it, every option goes into its request, and where the simulator knows
 * the call it succeeds.
 */
export async function answerToAws(line: string): Promise<boolean> {
  const { command, input } = parse(line);
  const Command = (sdk as unknown as Record<string, new (input: Input) => object>)[command];
  if (Command === undefined) return false;
  const { functions = [], ...around } = scenarios.healthy();
  const { FunctionName: given } = input;
  const name = typeof given === 'string' ? given : 'checkout';
  const simulator = await startSimulator({ ...around, functions: functions.map((one) => ({ ...one, name })) });
  try {
    return await isAccepted(simulator, new Command(input), input);
  } finally {
    await simulator.close();
  }
}

async function isAccepted(simulator: Simulator, command: object, input: Input): Promise<boolean> {
  const credentials = { accessKeyId: 'AKIDSIMULATED', secretAccessKey: 'simulated' };
  const client = new sdk.LambdaClient({ endpoint: simulator.url, region: 'eu-west-1', credentials, maxAttempts: 1 });
  let seen: Seen | undefined;
  client.middlewareStack.add(
    (next) => (args) => {
      seen = args.request as Seen;
      return next(args);
    },
    { step: 'build' },
  );
  const failure = await client.send(command as never).then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  const body = typeof seen?.body === 'string' ? seen.body : new TextDecoder().decode(seen?.body);
  const sent = `${decodeURIComponent(seen?.path ?? '')} ${JSON.stringify(seen?.query)} ${body}`;
  const isWhole = Object.values(input).every((value) => sent.includes(tellingPart(value)));
  return isWhole && (failure === undefined || failure.message.includes('The simulator has no'));
}

/** What must be in the request: the value, or the name of a structure's field. */
function tellingPart(value: unknown): string {
  return typeof value === 'object' && value !== null ? Object.keys(value).join() : String(value);
}
