import type { VersionLogs } from '../errors/ports.ts';
import type { Invoker, Shell } from '../checks/ports.ts';
import type { Audience } from '../announce/ports.ts';
import type { CapacityPort, OpenLoan } from '../capacity/ports.ts';
import type { Log } from '../model/log.ts';
import type { RunContext } from '../model/record.ts';
import type { ReadyTest } from '../model/smoke.ts';
import type { Clock } from '../model/time.ts';
import type {
  AlarmSource,
  AliasCreator,
  AliasPort,
  DurationSource,
  LatencyProbe,
  OpenRollout,
  RunDirectory,
  SessionPort,
  TrafficSource,
  VersionTrafficSource,
} from '../rollout/ports.ts';
import type { OldVersions } from '../release/old-versions.ts';
import type { FunctionPort, ImageRegistry, PackageStore } from '../release/ports.ts';
import type { SurroundingsSource } from '../surroundings/ports.ts';
import type { Waker } from '../release/wake.ts';
import type { Recorder } from './recorder.ts';

/** Everything outside that a command may speak to. */
export interface World extends Audience {
  readonly functions: FunctionPort;
  readonly alias: AliasPort & AliasCreator;
  /** The same alias over a client for emergencies: quick, and on connections of its own. */
  readonly urgent: AliasPort;
  readonly traffic: TrafficSource & VersionTrafficSource;
  readonly latency: LatencyProbe;
  readonly durations: DurationSource;
  readonly alarms: AlarmSource;
  readonly surroundings: SurroundingsSource;
  /** What the versions of the function log. */
  readonly logs: () => Promise<VersionLogs>;
  /** `ownerAccount`: the account that must own the bucket. */
  readonly packages: (ownerAccount: string | undefined) => Promise<PackageStore>;
  readonly images: () => Promise<ImageRegistry>;
  readonly invoker: () => Promise<Invoker>;
  readonly shell: Shell;
  /** What is invoked before the first shift, read from the disk. */
  readonly smokeTests: readonly ReadyTest[];
  readonly capacity: () => Promise<CapacityPort>;
  readonly versions: () => Promise<OldVersions>;
  readonly waker: () => Promise<Waker>;
  readonly runs: RunDirectory;
  readonly clock: Clock;
  readonly log: Log;
  readonly run: RunContext | undefined;
  /** Short, random, this process' own: signs the markers that it leaves. */
  readonly nonce: string;
  /** Aborts when the job is cancelled; a text as its reason says what happened instead. */
  readonly signal: AbortSignal;
  /** When the credentials expire (epoch ms), where that is known and they are not renewed. */
  readonly credentialsEnd: number | undefined;
  /** They are those of a session that ends, is not renewed, and does not say when. */
  readonly isEndUnknown: boolean;
  readonly session: SessionPort;
  readonly recorder: Recorder;
  /** Tells the `post` step about an alias that has to be put back, or that there is none any more. */
  readonly remember: (rollout: OpenRollout | undefined) => void;
  /** The same for provisioned concurrency that has to be taken back. */
  readonly rememberLoan: (loan: OpenLoan | undefined) => void;
}

/** Where GitHub is: `https://github.com`, or the server that this run came from. */
export function serverUrl({ run }: World): string {
  return run === undefined ? 'https://github.com' : new URL(run.url).origin;
}
