import {
  entryOf,
  Fields,
  fieldsOf,
  isFields,
  numberOf,
  textOf,
} from '../../resources/fields';
import { DecidedBy } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { formatWrittenDuration } from '../../telemetry/format';
import { decidedByOrigin } from '../route/answers';
import {
  childBlock,
  effectiveBlock,
  RuleBlock,
  rulePolicy,
  subsetPolicy,
} from '../route/policyBlocks';
import { MeshService } from '../route/serviceModel';
import {
  DecidedBlock,
  decidePolicyField,
  deepen,
  PolicyPlace,
} from './decidePolicyField';
import { ResilienceSetting } from './types';

type Choice = Pick<ResilienceSetting, 'text' | 'detail' | 'value'>;

const SIMPLE: Readonly<Record<string, Choice>> = {
  LEAST_REQUEST: {
    text: 'Least busy pod',
    value: { simple: 'LEAST_REQUEST' },
  },
  ROUND_ROBIN: {
    text: 'One after the other',
    value: { simple: 'ROUND_ROBIN' },
  },
  RANDOM: { text: 'Any pod, at random', value: { simple: 'RANDOM' } },
  PASSTHROUGH: {
    text: 'The address the caller dialled',
    value: { simple: 'PASSTHROUGH' },
  },
};

/** Where a new pod can start with less than its share. */
const WARMED_UP: readonly Choice[] = [SIMPLE.LEAST_REQUEST, SIMPLE.ROUND_ROBIN];

/**
 * How a pod is chosen. Least requests unless set; a consistent hash beats `simple`. A Service whose pods
 * are dialled one by one (headless) leaves nothing to choose.
 *
 * Source: istio/istio pilot/pkg/networking/core applyLoadBalancer, ApplyRingHashLoadBalancer (1.31).
 */
export function readLoadBalancer(
  place: PolicyPlace,
  service: MeshService | undefined,
): ResilienceSetting {
  const { snapshot } = place;
  const { fields, decidedBy, overruled } = decidePolicyField(
    place,
    'loadBalancer',
  );
  if (service?.resolution === 'passthrough') {
    return dialledOneByOne(snapshot, service, { decidedBy, overruled });
  }
  const passed = passthroughOf(place);
  if (passed) {
    return {
      setting: 'loadBalancer',
      state: 'on',
      ...SIMPLE.PASSTHROUGH,
      decidedBy: decidedByOrigin(snapshot, {
        object: passed.object,
        path: `${passed.fieldPath}.simple`,
      }),
      overruled: decidedBy
        ? [
            ...overruled,
            {
              decidedBy,
              why: 'The whole host sends connections where their caller dialled, and subsets with it.',
            },
          ].filter(({ decidedBy: by }) => !isSame(by, passed))
        : overruled,
    };
  }
  const chosen = readChoice(fields);
  const choice = chosen?.choice ?? SIMPLE.LEAST_REQUEST;
  const warmup = WARMED_UP.includes(choice) ? readWarmup(fields) : undefined;
  return {
    setting: 'loadBalancer',
    state: 'on',
    ...choice,
    ...(warmup === undefined ? {} : describeWarmup(choice, warmup)),
    ...(isKeyOfPort(choice, decidedBy)
      ? {
          detail: `Rules of a VirtualService keep to it only where their destination names port ${place.port}`,
        }
      : {}),
    decidedBy:
      chosen && decidedBy
        ? deepen(decidedBy, chosen.field)
        : { by: 'istioDefault', note: 'LEAST_REQUEST' },
    overruled,
  };
}

/** Of a Service whose pods are not chosen among. */
function dialledOneByOne(
  snapshot: MeshSnapshot,
  service: MeshService,
  { decidedBy, overruled }: Pick<DecidedBlock, 'decidedBy' | 'overruled'>,
): ResilienceSetting {
  return {
    setting: 'loadBalancer',
    state: 'off',
    ...SIMPLE.PASSTHROUGH,
    detail: 'The Service is headless: callers choose a pod by its address',
    decidedBy: decidedByOrigin(snapshot, {
      object: service.object,
      path:
        service.registry === 'kubernetes'
          ? 'spec.clusterIP'
          : 'spec.resolution',
    }),
    overruled: decidedBy
      ? [
          ...overruled,
          {
            decidedBy,
            why: 'Pods that are dialled one by one are not chosen among.',
          },
        ]
      : overruled,
  };
}

/**
 * The setting by which connections go where their caller dialled, whatever else is set: a subset is made in the
 * likeness of the whole host, so what makes that one passthrough counts for every subset, and a subset's own counts
 * for all of its ports.
 *
 * Source: istio/istio pilot/pkg/networking/core buildSubsetCluster, applyLoadBalancer (1.31).
 */
function passthroughOf({
  port,
  rule,
  subset,
}: PolicyPlace): RuleBlock | undefined {
  const wide = rule && effectiveBlock(rulePolicy(rule), port)?.block;
  const narrow = subset && subsetPolicy(subset);
  return [wide, narrow]
    .map(block => childBlock(block, 'loadBalancer'))
    .find(block => block?.fields.simple === 'PASSTHROUGH');
}

/**
 * Istio looks for the key of a rule's requests among the settings of a port only where the rule's destination
 * names the port; else that of the whole policy counts, or none.
 *
 * Source: istio/istio pilot/pkg/networking/core/route HashForHTTPDestination (1.31).
 */
function isKeyOfPort(
  { value }: Choice,
  decidedBy: DecidedBy | undefined,
): boolean {
  return (
    value?.consistentHash !== undefined &&
    decidedBy !== undefined &&
    'fieldPath' in decidedBy &&
    decidedBy.fieldPath.includes('.portLevelSettings[')
  );
}

function isSame(by: DecidedBy, block: RuleBlock): boolean {
  return 'fieldPath' in by && by.fieldPath === block.fieldPath;
}

function readChoice(
  fields: Fields,
): { choice: Choice; field: string } | undefined {
  if (isFields(fields.consistentHash)) {
    return {
      choice: readHash(fields.consistentHash),
      field: 'consistentHash',
    };
  }
  // The old name of the same.
  const simple =
    fields.simple === 'LEAST_CONN' ? 'LEAST_REQUEST' : textOf(fields.simple);
  const choice = simple === undefined ? undefined : entryOf(SIMPLE, simple);
  return choice && { choice, field: 'simple' };
}

function readHash(hash: Fields): Choice {
  const cookie = fieldsOf(hash.httpCookie);
  const ttl = textOf(cookie.ttl);
  const algorithm = isFields(hash.maglev) ? 'MAGLEV' : 'RING_HASH';
  const [by, on] = describeHashKey(hash);
  const lasting =
    ttl !== undefined && /[1-9]/.test(ttl)
      ? `, for ${formatWrittenDuration(ttl)}`
      : '';
  return {
    text: `Same pod for the same ${by}${
      isFields(hash.httpCookie) ? lasting : ''
    }`,
    value: { consistentHash: algorithm, ...on },
  };
}

function describeHashKey(hash: Fields): [string, Record<string, unknown>] {
  const header = textOf(hash.httpHeaderName);
  if (header !== undefined) {
    return [`header ${header}`, { httpHeaderName: header }];
  }
  if (isFields(hash.httpCookie)) {
    const name = textOf(hash.httpCookie.name) ?? '';
    return [`cookie ${name}`, { httpCookie: name }];
  }
  const parameter = textOf(hash.httpQueryParameterName);
  if (parameter !== undefined) {
    return [
      `query parameter ${parameter}`,
      { httpQueryParameterName: parameter },
    ];
  }
  return ['caller’s address', { useSourceIp: hash.useSourceIp === true }];
}

/** As it is written. */
function readWarmup(fields: Fields): string | undefined {
  const duration =
    textOf(fieldsOf(fields.warmup).duration) ??
    textOf(fields.warmupDurationSecs);
  const seconds = numberOf(fields.warmupDurationSecs);
  return duration ?? (seconds === undefined ? undefined : `${seconds}s`);
}

function describeWarmup(
  { value }: Choice,
  warmup: string,
): Pick<ResilienceSetting, 'detail' | 'value'> {
  return {
    detail: `A new pod gets its full share after ${formatWrittenDuration(
      warmup,
    )}`,
    value: { ...value, warmup },
  };
}
