import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Announcer } from './announce/announcer.ts';
import { readPayloads } from './checks/payloads.ts';
import { beginAnnouncing } from './commands/announcing.ts';
import { untilCancelled } from './commands/cancelled.ts';
import { deploy } from './commands/deploy.ts';
import { failedEnding } from './commands/failed.ts';
import { requireBucketForSize } from './commands/new-code.ts';
import { type Ending, Recorder } from './commands/recorder.ts';
import { promote } from './commands/promote.ts';
import { rollback } from './commands/rollback.ts';
import { inputLines } from './commands/rollout-words.ts';
import { status } from './commands/status.ts';
import type { World } from './commands/world.ts';
import { withConfigurationFile } from './settings-file.ts';
import type { Host } from './host.ts';
import type { Inputs } from './inputs/inputs.ts';
import { parseInputs, sortIssues } from './inputs/parse.ts';
import { unlessAborted } from './model/abort.ts';
import { ActionFailure, Cancelled, type InputIssue, InvalidInputs } from './model/failure.ts';
import { formatBytes } from './model/format.ts';
import { COMMANDS } from './model/names.ts';
import type { ReadyTest, SmokeTest } from './model/smoke.ts';
import { MINUTE, formatDuration } from './model/time.ts';
import type { CodePackage, ExaminedArtifact } from './package/package.ts';
import { reasonOf } from './rollout/rollout.ts';
import { publishReport, safeOutputs } from './reporting.ts';

/** What the workflow asked for, found to be usable. */
interface Request {
  readonly inputs: Inputs;
  readonly artifact: ExaminedArtifact | undefined;
  readonly smokeTests: readonly ReadyTest[];
}

/** The whole action: inputs → package → release → rollout → report. Never throws; fails the step instead. */
export async function main(host: Host): Promise<void> {
  await safeOutputs(host);
  const recorder = new Recorder(firstFacts(host));
  let world: World | undefined;
  let announcer: Announcer | undefined;
  let summary = true;
  let directory: string | undefined;
  let ending: Ending;
  try {
    directory = await makeDirectory(host);
    const request = await host.log.group('Inputs', () => readRequest(host));
    ({ summary } = request.inputs);
    recorder.learn(factsOf(request.inputs));
    const reachable = { ...host.connect(request.inputs), smokeTests: request.smokeTests, recorder };
    announcer = beginAnnouncing(request.inputs, reachable);
    const zip = await packageCode(host, request, directory);
    if (host.signal.aborted) throw new Cancelled(reasonOf(host.signal));
    // Only from here on has AWS been asked anything.
    world = reachable;
    ending = await run(request.inputs, world, zip).finally(() => zip?.dispose());
  } catch (error) {
    ending = await failedEnding(error, { log: host.log, world });
  }
  recorder.end(ending, host.clock.now());
  const announce = async (): Promise<void> => announcer?.end(recorder.record);
  await publishReport(host, recorder, { directory, summary, announce });
}

/** undefined where nothing can be written: a rollback needs no disk, and a report that is not there changes nothing. */
async function makeDirectory({ temporaryDirectory: parent, log }: Host): Promise<string | undefined> {
  try {
    return await mkdtemp(join(parent, 'lambda-canary-deploy-'));
  } catch (error) {
    log.warn(`Nothing can be written to ${parent}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function run(inputs: Inputs, world: World, zip: CodePackage | undefined): Promise<Ending> {
  switch (inputs.command) {
    case 'deploy':
      return deploy(inputs, world, zip);
    case 'rollback':
      return rollback(inputs, world);
    case 'promote':
      return promote(inputs, world);
    case 'status':
      return untilCancelled(world, () => status(inputs, world));
  }
}

/** Reads the inputs and looks at the artifact; throws {@link InvalidInputs} with everything that is wrong with either. */
async function readRequest(host: Host): Promise<Request> {
  const { rawInputs, region, isHosted, log } = host;
  const filed = await withConfigurationFile(rawInputs);
  const parsed = parseInputs(filed.raw, { region });
  const wanted = parsed.ok ? artifactOf(parsed.inputs) : parsed.partial;
  const examined = wanted === undefined ? NOTHING : await host.examineArtifact(wanted.artifact, wanted.exclude);
  const payloads = await readPayloads(parsed.ok ? smokeTestsOf(parsed.inputs) : parsed.smokeTests);
  if (!parsed.ok || !examined.ok || !payloads.ok || !filed.ok) {
    throw new InvalidInputs(sortIssues([filed, parsed, examined, payloads].flatMap(issuesOf)));
  }
  for (const warning of [...parsed.warnings, ...examined.warnings, ...jobLimit(parsed.inputs, isHosted)])
    log.warn(warning);
  for (const line of inputLines(parsed.inputs)) log.info(line);
  return { inputs: parsed.inputs, artifact: examined.artifact, smokeTests: payloads.tests };
}

/** Jobs on GitHub's own runners end after this (GitHub docs, "Actions limits"), ms. */
const JOB_LIMIT = 6 * 60 * MINUTE;

function jobLimit(inputs: Inputs, isHosted: boolean): readonly string[] {
  if (!isHosted || inputs.command !== 'deploy' || inputs.maxDuration <= JOB_LIMIT) return [];
  return [
    `max-duration is ${formatDuration(inputs.maxDuration)}, but GitHub ends jobs on its own runners after ${formatDuration(JOB_LIMIT)}: a rollout that is not over by then is rolled back.`,
  ];
}

/** There is no artifact to look at: an image, an object in a bucket, a rollback. */
const NOTHING = { ok: true, artifact: undefined, warnings: [] } as const;

function issuesOf(found: { ok: true } | { ok: false; issues: readonly InputIssue[] }): readonly InputIssue[] {
  return found.ok ? [] : found.issues;
}

function smokeTestsOf(inputs: Inputs): readonly SmokeTest[] {
  return inputs.command === 'deploy' ? inputs.smokeTests : [];
}

function artifactOf(inputs: Inputs): { artifact: string; exclude: readonly string[] } | undefined {
  if (inputs.command !== 'deploy' || inputs.source.kind !== 'artifact') return undefined;
  return { artifact: inputs.source.path, exclude: inputs.source.exclude };
}

async function packageCode(
  host: Host,
  { inputs, artifact }: Request,
  directory: string | undefined,
): Promise<CodePackage | undefined> {
  if (inputs.command !== 'deploy' || artifact === undefined) return undefined;
  if (directory === undefined) {
    throw new ActionFailure('there is no disk to package the artifact on', 'Check RUNNER_TEMP and the disk.');
  }
  return host.log.group('Package', async () => {
    const zip = await unlessAborted(
      () => host.buildPackage(artifact, directory),
      host.signal,
      () => new Cancelled(reasonOf(host.signal)),
    );
    host.log.info(
      `${zip.files.length} ${zip.files.length === 1 ? 'file' : 'files'}, ${formatBytes(zip.unzippedBytes)}, zipped ${formatBytes(zip.bytes)}, SHA-256 ${zip.sha256}`,
    );
    requireBucketForSize(inputs, zip);
    return zip;
  });
}

function firstFacts({ rawInputs, run, region, clock }: Host) {
  return {
    command: COMMANDS.find((command) => command === rawInputs['command']) ?? 'deploy',
    dryRun: false,
    run,
    functionName: rawInputs['function-name'] ?? '',
    region: region ?? '',
    alias: rawInputs['alias'] ?? '',
    startedAt: clock.now(),
  };
}

function factsOf({ command, dryRun, functionRef, region, alias }: Inputs) {
  return { command, dryRun, functionName: functionRef.name, region, alias };
}
