/** A function's life at moto: first deployment, canary, the same again, a broken release, back by hand. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunResult, type Simulator, runAction, startSimulator } from '../simulator/index.ts';
import { MINUTE, floorMinute } from '../src/model/time.ts';
import { Expectations } from './expect.ts';
import { Account, ALIAS, BUCKET, FUNCTION } from './moto-account.ts';
import { startMoto } from './moto-server.ts';
import { startRevisions } from './revisions.ts';
import { installPython } from './tools.ts';

type Inputs = Readonly<Record<string, string>>;

/** One after the other, the runs of the action, each with a number of its own. */
class Stage {
  readonly #simulator: Simulator;
  readonly #url: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'interop-moto-'));
  #runs = 1000;

  constructor(simulator: Simulator, url: string) {
    this.#simulator = simulator;
    this.#url = url;
  }

  async run(inputs: Inputs): Promise<RunResult> {
    this.#runs += 1;
    const env = {
      AWS_ENDPOINT_URL: this.#url,
      GITHUB_RUN_ID: String(this.#runs),
      GITHUB_RUN_NUMBER: String(this.#runs),
    };
    const result = await runAction({
      simulator: this.#simulator,
      env,
      inputs: { 'function-name': FUNCTION, alias: ALIAS, ...inputs },
    });
    if (result.outputs['result'] === 'failed') console.log(result.lines.map((line) => `    ${line}`).join('\n'));
    return result;
  }

  deploy(code: string, inputs: Inputs = {}): Promise<RunResult> {
    writeFileSync(join(this.#folder, 'index.js'), `exports.handler = async () => '${code}';\n`);
    return this.run({ artifact: this.#folder, ...inputs });
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

interface Scene {
  readonly stage: Stage;
  readonly account: Account;
  readonly simulator: Simulator;
  readonly expect: Expectations;
}

function told({ outputs }: RunResult): string {
  return ['result', 'verdict', 'version'].map((name) => outputs[name]).join(' ');
}

async function serves(account: Account): Promise<string> {
  const { version, weights } = await account.alias();
  return JSON.stringify([version, weights]);
}

async function releases({ stage, account, simulator, expect }: Scene): Promise<void> {
  expect.equal('the first deployment creates the alias', told(await stage.deploy('one')), 'promoted none 1');
  const stop = account.serve(simulator);
  await simulator.clock.sleep(30 * MINUTE);
  simulator.clock.leave();
  const canary = { strategy: '10% 3m, 50% 2m', 'bake-time': '2m', 's3-bucket': BUCKET };
  const healthy = await stage.deploy('two', canary);
  expect.equal('a healthy release, over S3, is judged and promoted', told(healthy), 'promoted pass 2');
  expect.equal('the alias went through the steps', account.states, ['1', '1 2:0.1', '1 2:0.5', '2']);
  expect.includes('its package is in the bucket', healthy.outputs['s3-uri'], `s3://${BUCKET}/lambda/${FUNCTION}/`);
  expect.equal('the same once more changes nothing', told(await stage.deploy('two', canary)), 'unchanged none 2');
  account.errorRates.set('3', 0.25);
  expect.equal('a broken release is rolled back', told(await stage.deploy('three', canary)), 'rolled-back fail 3');
  expect.equal('the alias serves the version before', await serves(account), '["2",{}]');
  stop();
}

async function byHand({ stage, account, expect }: Scene): Promise<void> {
  const back = await stage.run({ command: 'rollback', version: '1' });
  expect.equal('a rollback by hand', told(back), 'rolled-back none 1');
  expect.equal('the alias serves what was asked for', await serves(account), '["1",{}]');
  const status = await stage.run({ command: 'status' });
  expect.equal('the status tells it', [status.exitCode, status.outputs['version']], [0, '1']);
  expect.equal('no marker is left', (await account.alias()).description, '');
}

export async function deployToMoto(): Promise<void> {
  const moto = await startMoto(installPython());
  const revisions = await startRevisions(moto.url);
  // Only its clock is used. In the past, as AWS' metrics are: moto would not mind, but signatures have the real time.
  const simulator = await startSimulator({ start: floorMinute(Date.now()) - 180 * MINUTE });
  const account = new Account(revisions.url);
  const stage = new Stage(simulator, revisions.url);
  const expect = new Expectations();
  try {
    await account.create();
    await releases({ stage, account, simulator, expect });
    await byHand({ stage, account, simulator, expect });
    expect.finish();
  } finally {
    stage.close();
    await simulator.close();
    await revisions.close();
    await moto.stop();
  }
}
