import {
  entryOf,
  Fields,
  fieldsOf,
  isFields,
  numberOf,
  textOf,
} from '../../resources/fields';
import { formatWrittenDuration } from '../../telemetry/format';
import { decidedByOrigin } from '../route/answers';
import { MeshService } from '../route/serviceModel';
import { decidePolicyField, deepen, PolicyPlace } from './decidePolicyField';
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
  const chosen = readChoice(fields);
  const warmup = readWarmup(fields);
  return {
    setting: 'loadBalancer',
    state: 'on',
    ...(chosen?.choice ?? SIMPLE.LEAST_REQUEST),
    ...(warmup ? { detail: warmup } : {}),
    decidedBy:
      chosen && decidedBy
        ? deepen(decidedBy, chosen.field)
        : { by: 'istioDefault', note: 'LEAST_REQUEST' },
    overruled,
  };
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

function readWarmup(fields: Fields): string | undefined {
  const duration =
    textOf(fieldsOf(fields.warmup).duration) ??
    textOf(fields.warmupDurationSecs);
  const seconds = numberOf(fields.warmupDurationSecs);
  const written =
    duration ?? (seconds === undefined ? undefined : `${seconds}s`);
  return written === undefined
    ? undefined
    : `A new pod gets its full share after ${formatWrittenDuration(written)}`;
}
