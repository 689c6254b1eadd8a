import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { deploy } from './commands/deploy.ts';
import { failedEnding } from './commands/failed.ts';
import { requireBucketForSize } from './commands/new-code.ts';
import { type Ending, Recorder } from './commands/recorder.ts';
import { rollback } from './commands/rollback.ts';
import type { World } from './commands/world.ts';
import type { Host } from './host.ts';
import type { Inputs } from './inputs/inputs.ts';
import { parseInputs, sortIssues } from './inputs/parse.ts';
import { ActionFailure, type InputIssue, InvalidInputs } from './model/failure.ts';
import { formatBytes } from './model/format.ts';
import { buildPackage } from './package/build.ts';
import { examineArtifact } from './package/examine.ts';
import type { CodePackage, ExaminedArtifact } from './package/package.ts';
import { publishReport, safeOutputs } from './reporting.ts';

/** What the workflow asked for, found to be usable. */
interface Request {
  readonly inputs: Inputs;
  readonly artifact: ExaminedArtifact | undefined;
}

/** The whole action: inputs → package → release → rollout → report. Never throws; fails the step instead. */
export async function main(host: Host): Promise<void> {
  await safeOutputs(host);
  const recorder = new Recorder(firstFacts(host));
  let world: World | undefined;
  let summary = true;
  let directory: string | undefined;
  let ending: Ending;
  try {
    directory = await makeDirectory(host.temporaryDirectory);
    const request = await host.log.group('Inputs', () => readRequest(host));
    ({ summary } = request.inputs);
    recorder.learn(factsOf(request.inputs));
    const zip = await packageCode(host, request, directory);
    world = { ...host.connect(request.inputs), recorder };
    ending = await run(request.inputs, world, zip).finally(() => zip?.dispose());
  } catch (error) {
    ending = await failedEnding(error, { log: host.log, world });
  }
  recorder.end(ending, host.clock.now());
  await publishReport(host, recorder, { directory, summary });
}

async function makeDirectory(parent: string): Promise<string> {
  try {
    return await mkdtemp(join(parent, 'lambda-canary-deploy-'));
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new ActionFailure(`nothing can be written to ${parent}: ${problem}`, 'Check RUNNER_TEMP and the disk.', {
      cause,
    });
  }
}

function run(inputs: Inputs, world: World, zip: CodePackage | undefined): Promise<Ending> {
  return inputs.command === 'deploy' ? deploy(inputs, world, zip) : rollback(inputs, world);
}

/** Reads the inputs and looks at the artifact; throws {@link InvalidInputs} with everything that is wrong with either. */
async function readRequest({ rawInputs, region, log }: Host): Promise<Request> {
  const parsed = parseInputs(rawInputs, { region });
  const wanted = parsed.ok ? artifactOf(parsed.inputs) : parsed.partial;
  const examined = wanted === undefined ? NOTHING : await examineArtifact(wanted.artifact, wanted.exclude);
  if (!parsed.ok || !examined.ok) throw new InvalidInputs(sortIssues([...issuesOf(parsed), ...issuesOf(examined)]));
  for (const warning of [...parsed.warnings, ...examined.warnings]) log.warn(warning);
  return { inputs: parsed.inputs, artifact: examined.artifact };
}

/** There is no artifact to look at: an image, an object in a bucket, a rollback. */
const NOTHING = { ok: true, artifact: undefined, warnings: [] } as const;

function issuesOf(found: { ok: true } | { ok: false; issues: readonly InputIssue[] }): readonly InputIssue[] {
  return found.ok ? [] : found.issues;
}

function artifactOf(inputs: Inputs): { artifact: string; exclude: readonly string[] } | undefined {
  if (inputs.command !== 'deploy' || inputs.source.kind !== 'artifact') return undefined;
  return { artifact: inputs.source.path, exclude: inputs.source.exclude };
}

async function packageCode(
  host: Host,
  { inputs, artifact }: Request,
  directory: string,
): Promise<CodePackage | undefined> {
  if (inputs.command !== 'deploy' || artifact === undefined) return undefined;
  return host.log.group('Package', async () => {
    const zip = await buildPackage(artifact, directory);
    host.log.info(
      `${zip.files.length} ${zip.files.length === 1 ? 'file' : 'files'}, ${formatBytes(zip.unzippedBytes)}, zipped ${formatBytes(zip.bytes)}, SHA-256 ${zip.sha256}`,
    );
    requireBucketForSize(inputs, zip);
    return zip;
  });
}

function firstFacts({ rawInputs, run, region, clock }: Host) {
  return {
    command: rawInputs['command'] === 'rollback' ? ('rollback' as const) : ('deploy' as const),
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
