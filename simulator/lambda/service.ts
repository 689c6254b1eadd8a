import type { ApiRequest, ApiResponse, Operation, Service } from '../http.ts';
import { isObject, json, parseObject, text } from '../http.ts';
import { callerOf } from '../scenario.ts';
import type { Traffic } from '../traffic.ts';
import { createAlias, updateAlias } from './aliases.ts';
import { updateCode } from './code.ts';
import { createFunction, updateConfiguration } from './configuration.ts';
import { lambdaFailure, notFound, renderLambdaError } from './errors.ts';
import { invocationOf, invoke } from './invoke.ts';
import { createLimiter } from './limits.ts';
import { functionUrls, eventSourceMappings, resourcePolicy } from './callers.ts';
import type { LambdaFunction } from './model.ts';
import { functionArn, readFunctionName } from './names.ts';
import { deleteVersion, listExecutions } from './old-versions.ts';
import { deleteProvisioned, getProvisioned, listProvisioned, putProvisioned } from './provisioned.ts';
import { aliasShape, codeShape, configurationShape } from './shapes.ts';
import { pageOf, publish } from './versions.ts';
import type { LambdaWorld } from './world.ts';

/** One request, taken apart. */
interface Parts {
  readonly world: LambdaWorld;
  readonly traffic: Traffic;
  readonly fn: LambdaFunction;
  /** Of the path: an alias' name. */
  readonly item: string;
  readonly qualifier: string | undefined;
  readonly fields: Record<string, unknown>;
  readonly request: ApiRequest;
  readonly now: number;
}

type Handler = (parts: Parts) => ApiResponse;

function getFunction({ world, fn, qualifier, now }: Parts): ApiResponse {
  const configuration = world.configuration(fn, qualifier);
  return json({ Configuration: configurationShape(fn, configuration, now, qualifier), Code: codeShape(configuration) });
}

function updateFunctionCode({ world, fn, fields, now }: Parts): ApiResponse {
  updateCode(world, fn, fields);
  return json(configurationShape(fn, fn.latest, now));
}

function updateFunctionConfiguration({ world, fn, fields, now }: Parts): ApiResponse {
  updateConfiguration(world, fn, fields);
  return json(configurationShape(fn, fn.latest, now));
}

function listVersions({ fn, request, now }: Parts): ApiResponse {
  const { page, next } = pageOf([fn.latest, ...fn.versions.values()], request.query);
  const versions = page.map((configuration) => configurationShape(fn, configuration, now, configuration.version));
  return json({ Versions: versions, ...(next === undefined ? {} : { NextMarker: next }) });
}

function listAliases({ fn, request }: Parts): ApiResponse {
  const only = request.query.get('FunctionVersion');
  const all = Array.from(fn.aliases.values());
  const { page, next } = pageOf(
    all.filter((alias) => only === null || alias.functionVersion === only || only in alias.weights),
    request.query,
  );
  return json({
    Aliases: page.map((alias) => aliasShape(fn, alias)),
    ...(next === undefined ? {} : { NextMarker: next }),
  });
}

function deleteAlias({ fn, item }: Parts): ApiResponse {
  fn.aliases.delete(item);
  return { status: 204 };
}

/** 100 to a page (API reference), where Lambda otherwise has 50. */
function listEventSources({ fn, qualifier, request }: Parts): ApiResponse {
  const { page, next } = pageOf(eventSourceMappings(fn, qualifier), request.query, 100);
  return json({ EventSourceMappings: page, ...(next === undefined ? {} : { NextMarker: next }) });
}

function listUrls({ fn, request }: Parts): ApiResponse {
  const { page, next } = pageOf(functionUrls(fn), request.query);
  return json({ FunctionUrlConfigs: page, ...(next === undefined ? {} : { NextMarker: next }) });
}

const HANDLERS: Readonly<Record<string, Handler>> = {
  GetFunction: getFunction,
  GetFunctionConfiguration: ({ world, fn, qualifier, now }) =>
    json(configurationShape(fn, world.configuration(fn, qualifier), now, qualifier)),
  UpdateFunctionCode: updateFunctionCode,
  UpdateFunctionConfiguration: updateFunctionConfiguration,
  PublishVersion: ({ world, fn, fields, now }) => json(configurationShape(fn, publish(world, fn, fields), now), 201),
  ListVersionsByFunction: listVersions,
  ListAliases: listAliases,
  CreateAlias: ({ world, fn, fields }) => json(aliasShape(fn, createAlias(world, fn, fields)), 201),
  GetAlias: ({ world, fn, item }) => json(aliasShape(fn, world.alias(fn, item))),
  UpdateAlias: ({ world, fn, item, fields }) => json(aliasShape(fn, updateAlias(world, fn, item, fields))),
  DeleteAlias: deleteAlias,
  GetProvisionedConcurrencyConfig: ({ fn, qualifier, now }) => getProvisioned(fn, qualifier, now),
  ListProvisionedConcurrencyConfigs: ({ fn, request, now }) => listProvisioned(fn, request.query, now),
  PutProvisionedConcurrencyConfig: ({ world, fn, qualifier, fields }) =>
    putProvisioned(world, fn, { qualifier, amount: fields['ProvisionedConcurrentExecutions'] }),
  DeleteProvisionedConcurrencyConfig: ({ fn, qualifier }) => deleteProvisioned(fn, qualifier),
  DeleteFunction: ({ fn, qualifier }) => deleteVersion(fn, qualifier),
  ListDurableExecutionsByFunction: ({ fn, qualifier, request }) => listExecutions(fn, qualifier, request.query),
  ListEventSourceMappings: listEventSources,
  ListFunctionUrlConfigs: listUrls,
  GetPolicy: ({ fn, qualifier }) => json({ Policy: resourcePolicy(fn, qualifier), RevisionId: fn.latest.revisionId }),
  ListTags: ({ fn }) => json({ Tags: fn.spec.tags ?? {} }),
  Invoke: ({ world, traffic, fn, qualifier, request }) => invoke(world, traffic, fn, { qualifier, request }),
};

const FUNCTIONS = /^\/20\d\d-\d\d-\d\d\/functions\/([^/]+)\/?([a-z-]*)\/?([^/]*)$/;

const MAPPINGS = /^\/20\d\d-\d\d-\d\d\/event-source-mappings\/?$/;
const TAGS = /^\/20\d\d-\d\d-\d\d\/tags\/([^/]+)$/;

const ACTIONS: Readonly<Record<string, string>> = {
  'GET ': 'GetFunction',
  'GET configuration': 'GetFunctionConfiguration',
  'PUT code': 'UpdateFunctionCode',
  'PUT configuration': 'UpdateFunctionConfiguration',
  'POST versions': 'PublishVersion',
  'GET versions': 'ListVersionsByFunction',
  'GET aliases': 'ListAliases',
  'POST aliases': 'CreateAlias',
  'GET aliases/': 'GetAlias',
  'PUT aliases/': 'UpdateAlias',
  'DELETE aliases/': 'DeleteAlias',
  'GET provisioned-concurrency': 'GetProvisionedConcurrencyConfig',
  'GET policy': 'GetPolicy',
  'GET urls': 'ListFunctionUrlConfigs',
  'GET provisioned-concurrency?List': 'ListProvisionedConcurrencyConfigs',
  'PUT provisioned-concurrency': 'PutProvisionedConcurrencyConfig',
  'DELETE provisioned-concurrency': 'DeleteProvisionedConcurrencyConfig',
  'DELETE ': 'DeleteFunction',
  'GET durable-executions': 'ListDurableExecutionsByFunction',
  'POST invocations': 'Invoke',
};

/** The package itself is too long to remember. */
function summarize(fields: Record<string, unknown>): Record<string, unknown> {
  const { ZipFile: zip, Code: code } = fields;
  if (isObject(code)) return { ...fields, Code: summarize(code) };
  return typeof zip === 'string' ? { ...fields, ZipFile: `${zip.length} characters of base64` } : fields;
}

const ALL_FUNCTIONS = /^\/20\d\d-\d\d-\d\d\/functions\/?$/;

/**
 * What the path and the query say; of a new function, what the body says. Mappings and tags have paths of their own, which
 * name the function elsewhere.
 */
function address(request: ApiRequest): Address {
  return (
    elsewhere(request) ?? {
      ...inFunctions(request),
      qualifier: request.query.get('Qualifier') ?? undefined,
    }
  );
}

interface Address {
  readonly id: string;
  readonly item: string;
  readonly action: string;
  readonly qualifier: string | undefined;
}

function elsewhere({ path, method, query, body }: ApiRequest): Address | undefined {
  const [, tagged] = TAGS.exec(path) ?? [];
  const named = { item: '', qualifier: undefined };
  if (tagged !== undefined) return { ...named, id: decodeURIComponent(tagged), action: 'ListTags' };
  if (MAPPINGS.test(path)) return { ...named, id: query.get('FunctionName') ?? '', action: 'ListEventSourceMappings' };
  if (method !== 'POST' || !ALL_FUNCTIONS.test(path)) return undefined;
  return { ...named, id: text(parseObject(body), 'FunctionName') ?? '', action: 'CreateFunction' };
}

function inFunctions({ path, method, query }: ApiRequest): Omit<Address, 'qualifier'> {
  const [, id = '', collection = '', item = ''] = (FUNCTIONS.exec(path) ?? []).map(decodeURIComponent);
  const listed = query.has('List') ? `${collection}?List` : collection;
  return { id, item, action: ACTIONS[`${method} ${listed}${item === '' ? '' : '/'}`] ?? 'Unknown' };
}

/** Calls that AWS decides about by the version or alias they name; by the function all others, also those about an alias. */
const BY_QUALIFIER = /^Invoke$|^(Get|Put|Delete)ProvisionedConcurrencyConfig$|^DeleteFunction$/;

/** The ARN that an access-denied sentence names (service authorization reference: resource types of each action). */
function resourceOf(world: LambdaWorld, { id, action, qualifier }: Address): string {
  // The policy of an account cannot name a function there.
  if (action === 'ListEventSourceMappings') return '*';
  const [name = '', own] = id.replace(/^.*function:/, '').split(':');
  return functionArn(world.frame, name, BY_QUALIFIER.test(action) ? (qualifier ?? own) : undefined);
}

function perform(
  { world, traffic }: Pick<Parts, 'world' | 'traffic'>,
  { id, item, action, qualifier }: Address,
  request: ApiRequest,
): ApiResponse {
  if (action === 'CreateFunction') {
    const fn = createFunction(world, parseObject(request.body));
    return json(configurationShape(fn, fn.latest, world.clock.now()), 201);
  }
  const handler = HANDLERS[action];
  if (handler === undefined) throw notFound(`The simulator has no ${request.method} ${request.path}`);
  return handler({
    world,
    traffic,
    fn: world.function(id),
    item,
    qualifier: qualifier ?? readFunctionName(id, world.frame).qualifier,
    fields: parseObject(request.body),
    request,
    now: world.clock.now(),
  });
}

/** Lambda's control plane (REST-JSON) and a small Invoke. */
export function createLambda(world: LambdaWorld, traffic: Traffic): Service {
  const allows = createLimiter();
  const operation = (request: ApiRequest): Operation => {
    const target = address(request);
    const { id, item, action, qualifier } = target;
    const named = { FunctionName: id, ...(qualifier === undefined ? {} : { Qualifier: qualifier }) };
    const marker = request.query.get('Marker');
    const fields = action === 'Invoke' ? invocationOf(request) : summarize(parseObject(request.body));
    return {
      action,
      permission: action === 'Invoke' ? 'lambda:InvokeFunction' : `lambda:${action}`,
      resource: resourceOf(world, target),
      summary: {
        ...named,
        ...(item === '' ? {} : { Name: item }),
        ...(marker === null ? {} : { Marker: marker }),
        ...fields,
      },
      run: () => {
        if (!allows(action, world.clock.now())) throw lambdaFailure('throttle');
        return perform({ world, traffic }, target, request);
      },
    };
  };
  return {
    name: 'lambda',
    streams: false,
    accepts: ({ path }) => /^\/20\d\d-\d\d-\d\d\/(?:functions|event-source-mappings|tags)/.test(path),
    operation,
    failure: (kind, message) =>
      lambdaFailure(kind, message === undefined ? undefined : `User: ${callerOf(world.frame)} ${message}`),
    render: renderLambdaError,
  };
}
