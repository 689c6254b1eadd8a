import type { FunctionSettings, SettingsUpdate } from '../../src/model/settings.ts';
import type { CodeUpdate, FunctionCreation, FunctionPort, FunctionVersion } from '../../src/release/ports.ts';

export function aVersion(change: Partial<FunctionVersion> = {}): FunctionVersion {
  return {
    functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:shop',
    version: '$LATEST',
    description: '',
    codeSha256: 'old=',
    packageType: 'Zip',
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    otherCode: false,
    architectures: ['arm64'],
    role: 'arn:aws:iam::123456789012:role/shop',
    deadLetterArn: undefined,
    timeout: 3000,
    state: 'Active',
    stateReason: undefined,
    lastUpdateStatus: 'Successful',
    lastUpdateReason: undefined,
    imageDigest: undefined,
    storedByReference: false,
    settings: { fields: {}, variables: new Map() },
    revisionId: undefined,
    ...change,
  };
}

type Publication = Parameters<FunctionPort['publish']>[0];

/** A function that shows what it is told to, look by look; the last look stays. */
export class FakeFunctions implements FunctionPort {
  /** Qualifier (`$LATEST` for none) → what successive looks find. */
  readonly looks = new Map<string, (FunctionVersion | undefined)[]>();
  readonly calls: string[] = [];
  readonly updates: CodeUpdate[] = [];
  /** Thrown by the coming updates and publications, one each. */
  readonly refusals: Error[] = [];
  /** What happens to the function when an update is taken. */
  onUpdate: (update: CodeUpdate) => void = () => undefined;

  shows(qualifier: string, ...found: (FunctionVersion | undefined)[]): this {
    this.looks.set(qualifier, found);
    return this;
  }

  describe(qualifier = '$LATEST'): Promise<FunctionVersion | undefined> {
    this.calls.push(`describe ${qualifier}`);
    const found = this.looks.get(qualifier) ?? [];
    return Promise.resolve(found.length > 1 ? found.shift() : found[0]);
  }

  updateCode(update: CodeUpdate): Promise<void> {
    return this.#take('update', () => {
      this.updates.push(update);
      this.onUpdate(update);
    });
  }

  /** Settings that were sent, with the revision that they named. */
  readonly configurations: { update: SettingsUpdate; revisionId: string | undefined }[] = [];
  readonly creations: FunctionCreation[] = [];
  readonly publications: Publication[] = [];
  /** What happens to the function when a configuration is taken; what Lambda answers. */
  onConfigure: (update: SettingsUpdate) => FunctionSettings = ({ fields, variables }) => ({ fields, variables });
  onCreate: () => void = () => undefined;

  updateSettings(update: SettingsUpdate, revisionId: string | undefined): Promise<FunctionSettings> {
    return this.#take('configure', () => {
      this.configurations.push({ update, revisionId });
      return this.onConfigure(update);
    });
  }

  create(creation: FunctionCreation): Promise<void> {
    return this.#take('create', () => {
      this.creations.push(creation);
      this.onCreate();
    });
  }

  publish(request: Publication): Promise<string> {
    return this.#take(`publish ${request.codeSha256} "${request.description}"`, () => {
      this.publications.push(request);
      return '8';
    });
  }

  listVersions(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  #take<T>(call: string, work: () => T): Promise<T> {
    this.calls.push(call);
    const refusal = this.refusals.shift();
    return refusal === undefined ? Promise.resolve(work()) : Promise.reject(refusal);
  }
}
