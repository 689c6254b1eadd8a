import { isObject, text } from '../http.ts';
import { conflict, constraint, invalid, notFound, staleRevision } from './errors.ts';
import type { Alias, LambdaFunction } from './model.ts';
import { requireFreeVersions } from './provisioned.ts';
import type { LambdaWorld } from './world.ts';

type Fields = Record<string, unknown>;
type Weights = Readonly<Record<string, number>>;

function readWeights(fields: Fields): Weights | undefined {
  const routing = fields['RoutingConfig'];
  if (!isObject(routing)) return undefined;
  const weights = isObject(routing['AdditionalVersionWeights']) ? routing['AdditionalVersionWeights'] : {};
  const entries = Object.entries(weights).map(([version, weight]) => [version, Number(weight)] as const);
  for (const [version, weight] of entries) {
    const where = 'routingConfig.additionalVersionWeights';
    const pattern = 'Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [0-9]+]';
    if (!/^[0-9]+$/.test(version)) throw constraint(weights, where, pattern);
    const range = 'Map value must satisfy constraint: [Member must have value between 0.0 and 1.0]';
    if (!(weight >= 0 && weight <= 1)) throw constraint(weights, where, range);
  }
  return Object.fromEntries(entries);
}

function requireVersion(fn: LambdaFunction, version: string): void {
  if (version !== '$LATEST' && !fn.versions.has(version)) throw notFound(`Function not found: ${fn.arn}:${version}`);
}

/** What Lambda asks of two versions that share an alias. */
function requirePair(world: LambdaWorld, fn: LambdaFunction, functionVersion: string, weights: Weights): void {
  const additional = Object.keys(weights);
  if (additional.length > 1) throw invalid('Number of items in AdditionalVersionWeights cannot be greater than 1');
  const [other] = additional;
  if (other === undefined) return;
  if (functionVersion === '$LATEST') {
    throw invalid('$LATEST is not supported for an alias pointing to more than 1 version');
  }
  if (other === functionVersion) {
    const included = `Function version ${other} is already included in routing configuration.`;
    throw invalid(`Invalid function version ${other}. ${included}`);
  }
  requireVersion(fn, other);
  const [first, second] = [world.configuration(fn, functionVersion), world.configuration(fn, other)];
  const shared = 'Specified versions must be associated with the same';
  if (first.role !== second.role) throw invalid(`${shared} execution role`);
  if (first.deadLetterArn !== second.deadLetterArn) throw invalid(`${shared} dead letter configuration`);
}

function requireDescription(description: string | undefined): void {
  if (description !== undefined && description.length > 256) {
    throw constraint(description, 'description', 'Member must have length less than or equal to 256');
  }
}

/** CreateAlias. */
export function createAlias(world: LambdaWorld, fn: LambdaFunction, fields: Fields): Alias {
  const name = text(fields, 'Name') ?? '';
  if (!/^(?!^[0-9]+$)([a-zA-Z0-9-_]{1,128})$/.test(name)) {
    throw constraint(name, 'name', 'Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)');
  }
  if (fn.aliases.has(name)) throw conflict(`Alias already exists: ${fn.arn}:${name}`);
  const functionVersion = text(fields, 'FunctionVersion') ?? '';
  const weights = readWeights(fields) ?? {};
  const description = text(fields, 'Description');
  requireVersion(fn, functionVersion);
  requirePair(world, fn, functionVersion, weights);
  requireDescription(description);
  return world.writeAlias(fn, { name, functionVersion, weights, description: description ?? '' });
}

/** UpdateAlias: what is omitted stays, RoutingConfig too (assumed; AWS does not say). */
export function updateAlias(world: LambdaWorld, fn: LambdaFunction, name: string, fields: Fields): Alias {
  const before = world.alias(fn, name);
  const revision = text(fields, 'RevisionId');
  if (revision !== undefined && revision !== before.revisionId) throw staleRevision('GetAlias');
  const functionVersion = text(fields, 'FunctionVersion') ?? before.functionVersion;
  const weights = readWeights(fields) ?? before.weights;
  const description = text(fields, 'Description');
  requireVersion(fn, functionVersion);
  requirePair(world, fn, functionVersion, weights);
  requireDescription(description);
  const written = { name, functionVersion, weights, description: description ?? before.description };
  requireFreeVersions(fn, written);
  if (Object.keys(weights).length > 0) return world.writeAlias(fn, written);
  const from = before.functionVersion === functionVersion ? fn.provisioned.get(name)?.from : before.functionVersion;
  return from === undefined ? world.writeAlias(fn, written) : moveProvisioned(world, fn, written, from);
}

/**
 * With provisioned concurrency AWS itself keeps traffic on the version before until the capacity has moved, by weights
 * that nobody wrote, and for ever when it cannot. The API answers with what was asked for; GetAlias shows the weights.
 */
function moveProvisioned(
  world: LambdaWorld,
  fn: LambdaFunction,
  written: Omit<Alias, 'revisionId'>,
  from: string,
): Alias {
  const { name, functionVersion } = written;
  const provisioned = fn.provisioned.get(name);
  if (provisioned === undefined) return world.writeAlias(fn, written);
  const asked = world.writeAlias(fn, written);
  const isUnderWay = provisioned.from === from;
  const readyAt = isUnderWay ? provisioned.readyAt : world.clock.now() + provisioned.moveMs;
  const failure = functionVersion === provisioned.home ? undefined : provisioned.moveFails;
  fn.provisioned.set(name, { ...provisioned, readyAt, failure, from });
  world.writeAlias(fn, { ...written, weights: { [from]: 1 } });
  if (failure !== undefined || isUnderWay) return asked;
  world.clock.at(readyAt, () => {
    const [now, moved] = [fn.aliases.get(name), fn.provisioned.get(name)];
    if (now?.functionVersion !== functionVersion || moved?.from !== from || moved.readyAt !== readyAt) return;
    fn.provisioned.set(name, { ...moved, from: undefined });
    world.writeAlias(fn, { ...now, weights: {} });
  });
  return asked;
}
