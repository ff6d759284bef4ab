import { readDestinationRule } from '../../resources/destinationRule';
import { fieldsOf, type Fields } from '../../resources/fields';
import type { KindName } from '../../resources/kinds';
import { describeObject } from '../../resources/objectKey';
import { readService } from '../../resources/service';
import type { KubeObject } from '../../resources/types';
import type { MeshSnapshot } from '../../snapshot/types';
import {
  createDestinationRule,
  rulesForService,
  type ServicePlace,
} from '../routing/destinationRules';
import { requireSynced } from '../routing/requireSynced';
import type { CompileProblem, CompileResult } from '../types';
import { describeKeptPolicy } from './describeKeptPolicy';
import { readPlace, startPort, writePlace, type PlacedPolicy } from './place';
import {
  readBreaker,
  unknownEjectionFields,
  writeBreaker,
  type BreakerSettings,
} from './policyBlocks';
import type { CircuitBreakerParams } from './schema';
import { titleOfBreaker } from './words';

const NEEDED: { written: KindName[]; read: KindName[] } = {
  written: ['DestinationRule'],
  read: ['Service'],
};

/** Writes limits and ejection into the DestinationRule that decides for the Service, or makes its first one. */
export function compileCircuitBreaker(options: {
  params: CircuitBreakerParams;
  snapshot: MeshSnapshot;
}): CompileResult {
  const { params, snapshot } = options;
  const service = { namespace: params.namespace, name: params.service };
  const stale = requireSynced(snapshot, NEEDED);
  const problems =
    stale.length > 0 ? stale : checkPort(params, { snapshot, service });
  if (problems.length > 0) {
    return { ok: false, problems };
  }
  const rules = rulesForService({ snapshot, service });
  const rule = chooseRule(rules, params.subset);
  if ('message' in rule) {
    return { ok: false, problems: [rule] };
  }
  return rule.object
    ? edit({ object: rule.object, params })
    : create({ params, place: { snapshot, service } });
}

/** The port must be one of the Service. */
function checkPort(
  { port }: CircuitBreakerParams,
  { snapshot, service }: ServicePlace,
): CompileProblem[] {
  const object = snapshot.get('Service', service.namespace, service.name);
  const where = `${snapshot.cluster}: Service ${service.namespace}/${service.name}`;
  if (!object) {
    return [{ field: 'service', message: `${where} does not exist` }];
  }
  const ports = readService(object).ports.map(each => each.port);
  return port === undefined || ports.includes(port)
    ? []
    : [
        {
          field: 'port',
          message: `${where} has no port ${port}; allowed: ${ports.join(', ')}`,
        },
      ];
}

/**
 * Istio takes the policy of the host from its oldest rule, and a subset from the first that defines it.
 *
 * Source: istio/istio pilot/pkg/model mergeDestinationRule.
 */
function chooseRule(
  rules: readonly KubeObject[],
  subset: string | undefined,
): { object?: KubeObject } | CompileProblem {
  if (subset === undefined) {
    return { object: rules[0] };
  }
  const defining = rules.find(rule =>
    readDestinationRule(rule).subsets.some(({ name }) => name === subset),
  );
  const defined = rules.flatMap(rule =>
    readDestinationRule(rule).subsets.map(({ name }) => name),
  );
  return defining
    ? { object: defining }
    : {
        field: 'subset',
        message: `no DestinationRule of the Service defines ${subset}; allowed: ${
          defined.join(', ') || 'none, leave it out for all versions'
        }`,
      };
}

function create(options: {
  params: CircuitBreakerParams;
  place: ServicePlace;
}): CompileResult {
  const { params, place } = options;
  const policy = writeBreaker({}, params);
  if (Object.keys(policy).length === 0) {
    return {
      ok: true,
      desired: [],
      removed: [],
      keptAsIs: [],
      title: 'no change',
    };
  }
  const created = createDestinationRule(place, {
    spec: { ...writePlace({}, params, policy) },
    what: 'its limits',
  });
  return 'problem' in created
    ? { ok: false, problems: [created.problem] }
    : {
        ok: true,
        desired: [created.desired],
        removed: [],
        keptAsIs: [],
        title: titleOfBreaker({ place: params, before: {}, after: params }),
      };
}

function edit(options: {
  object: KubeObject;
  params: CircuitBreakerParams;
}): CompileResult {
  const { object, params } = options;
  const spec = fieldsOf(object.spec);
  const placed = readPlace(spec, params);
  const problem = placed
    ? findLost(placed, params)
    : { field: 'subset', message: `${describeObject(object)} lost it` };
  if (!placed || problem) {
    return { ok: false, problems: problem ? [problem] : [] };
  }
  return {
    ok: true,
    desired: [{ ...object, spec: writeSpec(spec, placed, params) }],
    removed: [],
    keptAsIs: describeKeptPolicy(spec, placed.policy),
    title: titleOfBreaker({
      place: params,
      before: readBreaker(placed.policy),
      after: params,
    }),
  };
}

function writeSpec(
  spec: Fields,
  placed: PlacedPolicy,
  params: CircuitBreakerParams,
): Record<string, unknown> {
  const { policy, inherited, exists } = placed;
  if (!exists && !params.connectionPool && !params.ejection) {
    return spec;
  }
  const base =
    params.port === undefined || exists ? policy : startPort(inherited);
  return writePlace(spec, params, writeBreaker(base, params, inherited));
}

/** Settings of the ejection that the form does not know would go with it: that is said, not done. */
function findLost(
  { policy }: PlacedPolicy,
  { ejection }: BreakerSettings,
): CompileProblem | undefined {
  const [lost] = ejection ? [] : unknownEjectionFields(policy);
  return lost === undefined
    ? undefined
    : {
        field: 'ejection',
        message: `would remove \`outlierDetection.${lost}\`, which this form does not know; keep the ejection, or edit the object itself`,
      };
}
