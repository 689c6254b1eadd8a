import type { Log } from '../model/log.ts';
import type { RunContext } from '../model/record.ts';
import type { Clock } from '../model/time.ts';
import type {
  AlarmSource,
  AliasCreator,
  AliasPort,
  LatencyProbe,
  OpenRollout,
  RunDirectory,
  TrafficSource,
  VersionTrafficSource,
} from '../rollout/ports.ts';
import type { FunctionPort, ImageRegistry, PackageStore } from '../release/ports.ts';
import type { Recorder } from './recorder.ts';

/** Everything outside that a command may speak to. */
export interface World {
  readonly functions: FunctionPort;
  readonly alias: AliasPort & AliasCreator;
  readonly traffic: TrafficSource & VersionTrafficSource;
  readonly latency: LatencyProbe;
  readonly alarms: AlarmSource;
  /** `ownerAccount`: the account that must own the bucket. */
  readonly packages: (ownerAccount: string | undefined) => Promise<PackageStore>;
  readonly images: () => Promise<ImageRegistry>;
  readonly runs: RunDirectory;
  readonly clock: Clock;
  readonly log: Log;
  readonly run: RunContext | undefined;
  /** Aborts when the job is cancelled. */
  readonly signal: AbortSignal;
  readonly recorder: Recorder;
  /** Tells the `post` step about an alias that has to be put back, or that there is none any more. */
  readonly remember: (rollout: OpenRollout | undefined) => void;
}
