import {
  entryOf,
  Fields,
  fieldsListOf,
  fieldsOf,
  isFields,
  textOf,
  textsOf,
} from '../../resources/fields';
import { DecidedBy, KubeObject } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { decidedByOrigin } from '../route/answers';
import { MeshService } from '../route/serviceModel';
import { decidePolicyField, deepen, PolicyPlace } from './decidePolicyField';
import { ResilienceSetting } from './types';

interface Effective {
  kind: 'zoneAware' | 'locality' | 'prefer';
  fields: Fields;
  decidedBy: DecidedBy;
}

/**
 * Whether pods nearby are preferred: the rule, else the Service's traffic distribution, else the mesh; zone
 * awareness before locality at each. Locality without weights only counts where failing pods are taken
 * out (outlierDetection of a DestinationRule), because nobody would fail over otherwise.
 *
 * Source: istio/istio pilot/pkg/networking/core/loadbalancer GetEffectiveLbSetting, LocalityLBSettings;
 * pilot/pkg/xds/endpoints getOutlierDetectionAndLoadBalancerSettings (1.31).
 */
export function readLocality(
  place: PolicyPlace,
  service: MeshService | undefined,
): ResilienceSetting {
  const { overruled } = decidePolicyField(place, 'loadBalancer');
  const found = findEffective(place, service);
  const outlier = decidePolicyField(place, 'outlierDetection');
  // Endpoints that istiod sends by themselves go by the rule alone; those it writes out go by the result.
  const failsOver =
    service?.resolution === 'dns'
      ? outlier.decidedBy !== undefined
      : outlier.byRule;
  return {
    setting: 'locality',
    ...describe(found, failsOver),
    decidedBy: found.decidedBy,
    overruled,
  };
}

function findEffective(
  place: PolicyPlace,
  service: MeshService | undefined,
): Effective {
  const { snapshot } = place;
  const { fields, decidedBy } = decidePolicyField(place, 'loadBalancer');
  for (const [name, kind] of [
    ['zoneAwareLbSetting', 'zoneAware'],
    ['localityLbSetting', 'locality'],
  ] as const) {
    const setting = fields[name];
    if (isFields(setting) && decidedBy) {
      return { kind, fields: setting, decidedBy: deepen(decidedBy, name) };
    }
  }
  return (
    (service && readDistribution(snapshot, service)) ?? findInMesh(snapshot)
  );
}

function findInMesh({ meshConfig }: MeshSnapshot): Effective {
  const config = fieldsOf(meshConfig);
  for (const [name, kind] of [
    ['zoneAwareLbSetting', 'zoneAware'],
    ['localityLbSetting', 'locality'],
  ] as const) {
    if (isFields(config[name])) {
      return {
        kind,
        fields: config[name],
        decidedBy: { by: 'meshConfig', fieldPath: name },
      };
    }
  }
  return {
    kind: 'locality',
    fields: {},
    decidedBy: { by: 'istioDefault', note: 'localityLbSetting is on' },
  };
}

const DISTRIBUTIONS: Readonly<Record<string, string>> = {
  preferclose: 'zone',
  prefersamezone: 'zone',
  prefersamenode: 'node',
};

const ANNOTATION = 'networking.istio.io/traffic-distribution';

/**
 * The Service's own wish for pods nearby: its field, else its annotation, else that of its namespace.
 *
 * Source: istio/istio pilot/pkg/model GetTrafficDistribution (1.31).
 */
function readDistribution(
  snapshot: MeshSnapshot,
  { object, namespace, registry }: MeshService,
): Effective | undefined {
  const field =
    registry === 'kubernetes'
      ? textOf(fieldsOf(object.spec).trafficDistribution)
      : undefined;
  const owner = snapshot.get('Namespace', undefined, namespace);
  const own = textOf(object.metadata.annotations?.[ANNOTATION]);
  const inherited = textOf(owner?.metadata.annotations?.[ANNOTATION]);
  const candidates: [string | undefined, KubeObject | undefined, string][] = [
    [field, object, 'spec.trafficDistribution'],
    [own ?? inherited, own === undefined ? owner : object, ANNOTATION],
  ];
  for (const [written, source, path] of candidates) {
    const wish = entryOf(DISTRIBUTIONS, written?.toLowerCase() ?? '');
    if (wish && source) {
      return {
        kind: 'prefer',
        fields: { prefer: wish },
        decidedBy: decidedByOrigin(snapshot, {
          object: source,
          path: path === ANNOTATION ? `metadata.annotations["${path}"]` : path,
        }),
      };
    }
  }
  return undefined;
}

type Told = Pick<ResilienceSetting, 'state' | 'text' | 'detail' | 'value'>;

const INACTIVE: Told = {
  state: 'off',
  text: 'Pods everywhere alike',
  detail: 'Pods nearby come first only where failing pods are taken out',
};

function describe({ kind, fields }: Effective, failsOver: boolean): Told {
  if (kind === 'prefer') {
    return {
      state: 'on',
      text: `Pods of the caller’s ${String(fields.prefer)} first`,
      value: { prefer: fields.prefer },
    };
  }
  if (isOff(fields)) {
    return { state: 'off', text: 'Pods everywhere alike' };
  }
  if (kind === 'zoneAware') {
    return {
      state: 'on',
      text: 'Pods of the caller’s zone, as far as they suffice',
      detail: 'Needs proxies that know their own place (self-discovery)',
      value: { zoneAware: true },
    };
  }
  const distribute = fieldsListOf(fields.distribute);
  if (distribute.length > 0) {
    return {
      state: 'on',
      text: 'By weights per place',
      detail: distribute.map(describeWeights).join('; '),
      value: { distribute },
    };
  }
  return failsOver ? describeFailover(fields) : INACTIVE;
}

function isOff(fields: Fields): boolean {
  return fields.enabled === false || fieldsOf(fields.enabled).value === false;
}

function describeWeights(entry: Fields): string {
  const shares = Object.entries(fieldsOf(entry.to)).map(
    ([place, weight]) => `${place} ${String(weight)} %`,
  );
  return `from ${textOf(entry.from) ?? 'anywhere'}: ${shares.join(', ')}`;
}

function describeFailover(fields: Fields): Told {
  const order = textsOf(fields.failoverPriority);
  const failover = fieldsListOf(fields.failover).map(
    entry => `${textOf(entry.from) ?? ''} to ${textOf(entry.to) ?? ''}`,
  );
  const detail = [
    ...(order.length > 0 ? [`By ${order.join(', ')}`] : []),
    ...(failover.length > 0 ? [`Fails over ${failover.join(', ')}`] : []),
  ].join('. ');
  return {
    state: 'on',
    text: 'Pods nearby first',
    ...(detail ? { detail } : {}),
    value: {
      ...(order.length > 0 ? { failoverPriority: order } : {}),
      ...(failover.length > 0 ? { failover } : {}),
    },
  };
}
