import { Fields, numberOf, textOf } from '../../resources/fields';
import { formatCount, formatWrittenDuration } from '../../telemetry/format';
import { decidePolicyField, PolicyPlace } from './decidePolicyField';
import { ResilienceSetting } from './types';

/**
 * When a pod is taken out after failures. Absent is off; a block without fields is Envoy's own: 5 answers
 * of 5xx in a row, looked at every 10 s, out for 30 s, at most 10 % of the pods. 0 failures switch a
 * condition off.
 *
 * Source: istio/istio pilot/pkg/networking/core applyOutlierDetection (1.31); Envoy OutlierDetection.
 */
export function readOutlierDetection(place: PolicyPlace): ResilienceSetting {
  const block = decidePolicyField(place, 'outlierDetection');
  const { decidedBy, overruled, fields } = block;
  if (!decidedBy) {
    return {
      setting: 'outlierDetection',
      state: 'off',
      text: 'None',
      detail: 'A failing pod keeps its share of the requests',
      decidedBy: {
        by: 'istioDefault',
        note: 'no outlierDetection block is set',
      },
      overruled,
    };
  }
  const value = readValue(fields);
  const conditions = describeConditions(value);
  return {
    setting: 'outlierDetection',
    state: conditions.length > 0 ? 'on' : 'off',
    text:
      conditions.length > 0
        ? `${conditions.join(' or ')}: out for ${formatWrittenDuration(
            value.baseEjectionTime,
          )}`
        : 'No condition is left on',
    detail: describeLimits(value),
    value: { ...value },
    decidedBy,
    overruled,
  };
}

interface OutlierValue {
  consecutive5xxErrors: number;
  consecutiveGatewayErrors?: number;
  consecutiveLocalOriginFailures?: number;
  interval: string;
  baseEjectionTime: string;
  maxEjectionPercent: number;
  minHealthPercent: number;
}

function readValue(fields: Fields): OutlierValue {
  const value: OutlierValue = {
    consecutive5xxErrors: numberOf(fields.consecutive5xxErrors) ?? 5,
    interval: textOf(fields.interval) ?? '10s',
    baseEjectionTime: textOf(fields.baseEjectionTime) ?? '30s',
    maxEjectionPercent: numberOf(fields.maxEjectionPercent) || 10,
    minHealthPercent: numberOf(fields.minHealthPercent) ?? 0,
  };
  const gateway = numberOf(fields.consecutiveGatewayErrors) ?? 0;
  if (gateway > 0) {
    value.consecutiveGatewayErrors = gateway;
  }
  if (fields.splitExternalLocalOriginErrors === true) {
    // Envoy's own number where none is written.
    value.consecutiveLocalOriginFailures =
      numberOf(fields.consecutiveLocalOriginFailures) || 5;
  }
  return value;
}

function describeConditions(value: OutlierValue): string[] {
  const all: [count: number | undefined, what: string][] = [
    [value.consecutive5xxErrors, 'failures in a row'],
    [value.consecutiveGatewayErrors, 'gateway errors in a row'],
    [value.consecutiveLocalOriginFailures, 'failed connections in a row'],
  ];
  return all.flatMap(([count, what]) =>
    count ? [`${formatCount(count)} ${what}`] : [],
  );
}

function describeLimits(value: OutlierValue): string {
  const { maxEjectionPercent, interval, minHealthPercent } = value;
  const limit =
    maxEjectionPercent >= 100
      ? 'All pods may be out'
      : `At most ${maxEjectionPercent} % of the pods`;
  const panic =
    minHealthPercent > 0
      ? `, ignored when fewer than ${minHealthPercent} % are healthy`
      : '';
  return `${limit}, looked at every ${formatWrittenDuration(interval)}${panic}`;
}
