import type { VirtualClock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { FailureSpec, Frame, FunctionSpec, Scenario } from '../scenario.ts';
import type { S3Store } from '../s3/store.ts';
import { buildFunction } from './build.ts';
import type { Surroundings } from './build.ts';
import { notFound } from './errors.ts';
import type { Alias, AliasState, Configuration, LambdaFunction } from './model.ts';
import { functionArn, readFunctionName } from './names.ts';

/** What a person in the console would set; weights in percent. */
export interface AliasChange {
  readonly functionVersion?: string;
  readonly weights?: Readonly<Record<string, number>>;
  readonly description?: string;
}

export interface WorldOptions {
  readonly frame: Frame;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly objects: S3Store;
  readonly resolveImage: Surroundings['resolveImage'];
  readonly functions: readonly FunctionSpec[];
  readonly freshRoles?: Scenario['freshRoles'] | undefined;
}

function percents(weights: Readonly<Record<string, number>>): Record<string, number> {
  const rounded = (fraction: number): number => Math.round(fraction * 1e8) / 1e6;
  return Object.fromEntries(Object.entries(weights).map(([version, fraction]) => [version, rounded(fraction)]));
}

/** Everything Lambda knows. The API works on it, and tests may change it behind the API's back. */
export class LambdaWorld {
  readonly frame: Frame;
  readonly clock: VirtualClock;
  readonly objects: S3Store;
  readonly functions: Map<string, LambdaFunction>;
  readonly #random: Random;
  readonly #freshRoles: NonNullable<Scenario['freshRoles']>;
  readonly #resolveImage: Surroundings['resolveImage'];
  readonly #history = new Map<string, AliasState[]>();

  constructor(options: WorldOptions) {
    this.frame = options.frame;
    this.clock = options.clock;
    this.objects = options.objects;
    this.#random = options.random;
    this.#resolveImage = options.resolveImage;
    this.#freshRoles = options.freshRoles ?? {};
    this.functions = new Map(options.functions.map((spec) => [spec.name, buildFunction(spec, this.surroundings())]));
    for (const fn of this.functions.values()) for (const alias of fn.aliases.values()) this.#remember(fn, alias);
  }

  newRevision(): string {
    return this.#random.uuid();
  }

  surroundings(): Surroundings {
    const { frame } = this;
    return { frame, now: this.clock.now(), newRevision: () => this.newRevision(), resolveImage: this.#resolveImage };
  }

  /** Whether Lambda can assume an execution role by now: IAM takes a few seconds to tell everybody about a new one. */
  canAssume(role: string): boolean {
    return this.clock.now() - this.frame.start >= (this.#freshRoles[role] ?? 0);
  }

  /** Puts a function in place that nobody knew before. */
  addFunction(spec: FunctionSpec): LambdaFunction {
    const fn = buildFunction(spec, this.surroundings());
    this.functions.set(spec.name, fn);
    return fn;
  }

  /** By name, partial ARN or ARN. */
  function(id: string): LambdaFunction {
    const { name, here } = readFunctionName(id, this.frame);
    const fn = here ? this.functions.get(name) : undefined;
    if (fn === undefined) throw notFound(`Function not found: ${functionArn(this.frame, name)}`);
    this.#settle(fn);
    return fn;
  }

  alias(fn: LambdaFunction, name: string): Alias {
    const alias = fn.aliases.get(name);
    if (alias === undefined) throw notFound(`Cannot find alias arn: ${fn.arn}:${name}`);
    return alias;
  }

  /** `$LATEST`, a version's number or an alias (which leads to its FunctionVersion). */
  configuration(fn: LambdaFunction, qualifier = '$LATEST'): Configuration {
    if (qualifier === '$LATEST') return fn.latest;
    const version = fn.aliases.get(qualifier)?.functionVersion ?? qualifier;
    const found = version === '$LATEST' ? fn.latest : fn.versions.get(version);
    if (found === undefined) throw notFound(`Function not found: ${fn.arn}:${qualifier}`);
    return found;
  }

  /** Puts an alias in place under a new RevisionId, and remembers it. */
  writeAlias(fn: LambdaFunction, alias: Omit<Alias, 'revisionId'>): Alias {
    const written = { ...alias, revisionId: this.newRevision() };
    fn.aliases.set(alias.name, written);
    this.#remember(fn, written);
    return written;
  }

  /** As a person in the console: no checks, a new RevisionId. Creates the alias when there is none. */
  updateAlias(functionId: string, name: string, change: AliasChange): Alias {
    const fn = this.function(functionId);
    const before = fn.aliases.get(name) ?? { name, functionVersion: '1', weights: {}, description: '' };
    const weights = Object.entries(change.weights ?? percents(before.weights)).map(([v, p]) => [v, p / 100] as const);
    return this.writeAlias(fn, {
      name,
      functionVersion: change.functionVersion ?? before.functionVersion,
      weights: Object.fromEntries(weights),
      description: change.description ?? before.description,
    });
  }

  deleteAlias(functionId: string, name: string): void {
    this.function(functionId).aliases.delete(name);
  }

  deleteFunction(name: string): void {
    this.functions.delete(name);
  }

  /** Changes a version behind the API's back, for example its state or role; `$LATEST` gets a new RevisionId. */
  changeVersion(functionId: string, version: string, change: Partial<Configuration>): void {
    const fn = this.function(functionId);
    const next = { ...this.configuration(fn, version), ...change, revisionId: this.newRevision() };
    if (version !== '$LATEST') fn.versions.set(version, next);
    else Object.assign(fn, { latest: next, changed: true });
  }

  /** What every later publish of the function ends in; undefined: success. */
  failPublishes(functionId: string, failure: FailureSpec | undefined): void {
    const fn = this.function(functionId);
    fn.publishFails = failure;
  }

  aliasHistory(functionName: string, alias: string): readonly AliasState[] {
    return this.#history.get(`${functionName}:${alias}`) ?? [];
  }

  #remember(fn: LambdaFunction, alias: Alias): void {
    const key = `${fn.name}:${alias.name}`;
    const { functionVersion, description, revisionId } = alias;
    const state = { at: this.clock.now(), functionVersion, weights: percents(alias.weights), description, revisionId };
    this.#history.set(key, [...(this.#history.get(key) ?? []), state]);
  }

  /** A finished update shows: its RevisionId is another one. */
  #settle(fn: LambdaFunction): void {
    const { update, latest } = fn;
    if (update === undefined || update.until > this.clock.now() || update.isShown === true) return;
    fn.latest = { ...latest, revisionId: update.revisionAfter };
    // Once only: a later change has a revision of its own.
    fn.update = { ...update, isShown: true };
  }
}
