import type { KindName } from '../../resources/kinds';
import { serviceHost } from '../../resources/host';
import type { KubeObject } from '../../resources/types';
import type { MeshSnapshot } from '../../snapshot/types';
import {
  buildVirtualService,
  checkCreatable,
} from '../routing/createVirtualService';
import { checkRoutesService } from '../routing/checkRoutesService';
import { describeKept } from '../routing/describeKept';
import { requireSynced } from '../routing/requireSynced';
import { isProblem, readRouteRule, withRule } from '../routing/routeRule';
import type { CompileProblem, CompileResult, RouteTarget } from '../types';
import {
  httpRouteDialect,
  virtualServiceDialect,
  type SettingsDialect,
} from './ruleSettings';
import type { TimeoutsAndRetriesParams } from './schema';
import { titleOfSettings } from './words';

/** Writes the settings into the named rule, or makes the first VirtualService of the Service with them. */
export function compileTimeoutsAndRetries(options: {
  params: TimeoutsAndRetriesParams;
  snapshot: MeshSnapshot;
}): CompileResult {
  const { params, snapshot } = options;
  const problems = requireSynced(snapshot, kindsNeeded(params));
  if (problems.length > 0) {
    return { ok: false, problems };
  }
  if (!params.route) {
    return create(params, snapshot);
  }
  const { kind, namespace, name } = params.route;
  const object = snapshot.get(kind, namespace, name);
  return object
    ? edit({ params, route: params.route, object, snapshot })
    : refuse({
        field: 'route.name',
        message: `${snapshot.cluster} has no ${kind} ${namespace}/${name}`,
      });
}

/** How a kind of route writes timeouts and retries. */
export function dialectOf(kind: RouteTarget['kind']): SettingsDialect {
  return kind === 'HTTPRoute' ? httpRouteDialect : virtualServiceDialect;
}

function kindsNeeded({ route }: TimeoutsAndRetriesParams) {
  const written: KindName[] = [route?.kind ?? 'VirtualService'];
  return {
    written,
    read: route
      ? (['Service'] as KindName[])
      : (['Service', 'HTTPRoute', 'GRPCRoute'] as KindName[]),
  };
}

function refuse(problem: CompileProblem): CompileResult {
  return { ok: false, problems: [problem] };
}

function create(
  params: TimeoutsAndRetriesParams,
  snapshot: MeshSnapshot,
): CompileResult {
  const service = { namespace: params.namespace, name: params.service };
  const problem = checkCreatable(snapshot, service);
  if (problem) {
    return refuse(problem);
  }
  const host = serviceHost(service, snapshot.domain);
  const rule = virtualServiceDialect.write(
    { route: [{ destination: { host } }] },
    params,
  );
  return {
    ok: true,
    desired: [buildVirtualService({ service, host, http: [rule] })],
    removed: [],
    keptAsIs: [],
    title: titleOfSettings(undefined, params),
  };
}

function edit(options: {
  params: TimeoutsAndRetriesParams;
  route: RouteTarget;
  object: KubeObject;
  snapshot: MeshSnapshot;
}): CompileResult {
  const { params, route, object, snapshot } = options;
  const { fieldPath } = route;
  const rule = readRouteRule({ object, fieldPath, domain: snapshot.domain });
  if (isProblem(rule)) {
    return refuse(rule);
  }
  if (!['http', 'rules'].includes(rule.section)) {
    return refuse({
      field: 'route.fieldPath',
      message: `${fieldPath} routes connections, which have neither timeout nor retries; allowed: rules of http`,
    });
  }
  const foreign = checkRoutesService({
    rule,
    object,
    snapshot,
    params,
    fieldPath,
  });
  if (foreign) {
    return refuse(foreign);
  }
  const dialect = dialectOf(route.kind);
  const before = dialect.read(rule.rule);
  if ('why' in before) {
    return refuse({
      field: 'route.fieldPath',
      message: `${fieldPath}: ${before.why}; edit the object itself`,
    });
  }
  const unsayable = dialect.check(params) ?? findLost(rule.rule, params);
  if (unsayable) {
    return refuse(unsayable);
  }
  return {
    ok: true,
    desired: [withRule(object, rule, dialect.write(rule.rule, params))],
    removed: [],
    keptAsIs: describeKept({ object, rule, edited: dialect.fields }),
    title: titleOfSettings(before, params),
  };
}

/** Settings beside the ones this form knows go when retries go: that is said, not done. */
function findLost(
  rule: Readonly<Record<string, unknown>>,
  { retries }: TimeoutsAndRetriesParams,
): CompileProblem | undefined {
  const present = (rule.retries ?? rule.retry) as object | undefined;
  const known = ['attempts', 'perTryTimeout', 'retryOn', 'codes'];
  const lost = Object.keys(present ?? {}).find(field => !known.includes(field));
  return retries.mode === 'on' || lost === undefined
    ? undefined
    : {
        field: 'retries.mode',
        message: `would remove \`${lost}\`, which the rule sets beside its retries and this form does not know; allowed: on`,
      };
}
