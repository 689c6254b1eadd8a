import type { ApiRequest, ApiResponse, Operation, Service } from '../http.ts';
import { ApiError, json, parseObject } from '../http.ts';
import { callerOf } from '../scenario.ts';
import type { Traffic } from '../traffic.ts';
import { createAlias, updateAlias } from './aliases.ts';
import { updateCode } from './code.ts';
import { lambdaFailure, notFound, renderLambdaError } from './errors.ts';
import { invoke } from './invoke.ts';
import { createLimiter } from './limits.ts';
import type { LambdaFunction } from './model.ts';
import { functionArn, readFunctionName } from './names.ts';
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

function getProvisionedConcurrency({ fn, qualifier, now }: Parts): ApiResponse {
  const provisioned = fn.provisioned.get(qualifier ?? '');
  if (provisioned === undefined) {
    const sentence = 'No Provisioned Concurrency Config found for this function';
    throw new ApiError(404, 'ProvisionedConcurrencyConfigNotFoundException', sentence);
  }
  const ready = now >= provisioned.readyAt;
  return json({
    RequestedProvisionedConcurrentExecutions: provisioned.requested,
    AvailableProvisionedConcurrentExecutions: ready ? provisioned.requested : 0,
    AllocatedProvisionedConcurrentExecutions: ready ? provisioned.requested : 0,
    Status: ready ? 'READY' : 'IN_PROGRESS',
  });
}

const HANDLERS: Readonly<Record<string, Handler>> = {
  GetFunction: getFunction,
  GetFunctionConfiguration: ({ world, fn, qualifier, now }) =>
    json(configurationShape(fn, world.configuration(fn, qualifier), now, qualifier)),
  UpdateFunctionCode: updateFunctionCode,
  PublishVersion: ({ world, fn, fields, now }) => json(configurationShape(fn, publish(world, fn, fields), now), 201),
  ListVersionsByFunction: listVersions,
  ListAliases: listAliases,
  CreateAlias: ({ world, fn, fields }) => json(aliasShape(fn, createAlias(world, fn, fields)), 201),
  GetAlias: ({ world, fn, item }) => json(aliasShape(fn, world.alias(fn, item))),
  UpdateAlias: ({ world, fn, item, fields }) => json(aliasShape(fn, updateAlias(world, fn, item, fields))),
  DeleteAlias: deleteAlias,
  GetProvisionedConcurrencyConfig: getProvisionedConcurrency,
  Invoke: ({ world, traffic, fn, qualifier, request }) =>
    invoke(world, traffic, fn, { qualifier, type: String(request.headers['x-amz-invocation-type'] ?? '') }),
};

const FUNCTIONS = /^\/20\d\d-\d\d-\d\d\/functions\/([^/]+)\/?([a-z-]*)\/?([^/]*)$/;

const ACTIONS: Readonly<Record<string, string>> = {
  'GET ': 'GetFunction',
  'GET configuration': 'GetFunctionConfiguration',
  'PUT code': 'UpdateFunctionCode',
  'POST versions': 'PublishVersion',
  'GET versions': 'ListVersionsByFunction',
  'GET aliases': 'ListAliases',
  'POST aliases': 'CreateAlias',
  'GET aliases/': 'GetAlias',
  'PUT aliases/': 'UpdateAlias',
  'DELETE aliases/': 'DeleteAlias',
  'GET provisioned-concurrency': 'GetProvisionedConcurrencyConfig',
  'POST invocations': 'Invoke',
};

/** The package itself is too long to remember. */
function summarize(fields: Record<string, unknown>): Record<string, unknown> {
  const zip = fields['ZipFile'];
  return typeof zip === 'string' ? { ...fields, ZipFile: `${zip.length} characters of base64` } : fields;
}

/** What the path and the query say. */
function address(request: ApiRequest) {
  const [, id = '', collection = '', item = ''] = (FUNCTIONS.exec(request.path) ?? []).map(decodeURIComponent);
  const action = ACTIONS[`${request.method} ${collection}${item === '' ? '' : '/'}`] ?? 'Unknown';
  return { id, item, action, qualifier: request.query.get('Qualifier') ?? undefined };
}

/** The ARN that an access-denied sentence names: an alias' own where the call is about one. */
function resourceOf(world: LambdaWorld, { id, item }: { readonly id: string; readonly item: string }): string {
  const name = id.replace(/^.*function:/, '');
  return functionArn(world.frame, name, item === '' ? undefined : item);
}

function perform(
  { world, traffic }: Pick<Parts, 'world' | 'traffic'>,
  { id, item, action, qualifier }: ReturnType<typeof address>,
  request: ApiRequest,
): ApiResponse {
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
    const fields = summarize(parseObject(request.body));
    return {
      action,
      permission: action === 'Invoke' ? 'lambda:InvokeFunction' : `lambda:${action}`,
      resource: resourceOf(world, target),
      summary: { ...named, ...(item === '' ? {} : { Name: item }), ...fields },
      run: () => {
        if (!allows(action, world.clock.now())) throw lambdaFailure('throttle');
        return perform({ world, traffic }, target, request);
      },
    };
  };
  return {
    name: 'lambda',
    streams: false,
    accepts: ({ path }) => /^\/20\d\d-\d\d-\d\d\/functions/.test(path),
    operation,
    failure: (kind, message) =>
      lambdaFailure(kind, message === undefined ? undefined : `User: ${callerOf(world.frame)} ${message}`),
    render: renderLambdaError,
  };
}
