import { readDestinationRule } from '../../resources/destinationRule';
import {
  fieldsListOf,
  fieldsOf,
  numberOf,
  textOf,
  type Fields,
} from '../../resources/fields';
import { resolveHost, serviceOfHost } from '../../resources/host';
import { describeObject } from '../../resources/objectKey';
import { recogniseParams } from '../recogniseParams';
import type { RecogniseOptions, Recognised } from '../types';
import { readPlace, type BreakerPlace } from './place';
import { readBreaker } from './policyBlocks';
import {
  circuitBreakerParamsSchema,
  type CircuitBreakerParams,
} from './schema';

const PLACE =
  /^(?:subsets\[(\d+)\]\.)?trafficPolicy(?:\.portLevelSettings\[(\d+)\])?$/;

/**
 * Reads limits and ejection at a place of a DestinationRule: `trafficPolicy`,
 * `subsets[1].trafficPolicy`, `trafficPolicy.portLevelSettings[0]`.
 */
export function recogniseCircuitBreaker(
  options: RecogniseOptions,
): Recognised<CircuitBreakerParams> {
  const { object, fieldPath, clusters, domain } = options;
  const spec = fieldsOf(object.spec);
  const place =
    object.kind === 'DestinationRule' ? parsePlace(spec, fieldPath) : undefined;
  if (!place) {
    return {
      ok: false,
      why: `${fieldPath} of ${describeObject(
        object,
      )} is no traffic policy; those of DestinationRules are edited here`,
    };
  }
  const { host, workloadSelector } = readDestinationRule(object);
  const namespace = object.metadata.namespace ?? '';
  const service = serviceOfHost(
    resolveHost(host, { namespace, domain }),
    domain,
  );
  if (!service || service.namespace !== namespace || workloadSelector) {
    return {
      ok: false,
      why: `${describeObject(
        object,
      )} is not a rule for all callers of a Service of its namespace`,
    };
  }
  return recogniseParams(circuitBreakerParamsSchema, {
    clusters,
    namespace,
    service: service.name,
    ...place,
    ...readBreaker(readPlace(spec, place)?.policy ?? {}),
  });
}

function parsePlace(spec: Fields, fieldPath: string): BreakerPlace | undefined {
  const found = PLACE.exec(fieldPath);
  if (!found) {
    return undefined;
  }
  const [, subsetIndex, portIndex] = found;
  const owner =
    subsetIndex === undefined
      ? spec
      : fieldsListOf(spec.subsets)[Number(subsetIndex)];
  const subset = subsetIndex === undefined ? undefined : textOf(owner?.name);
  const port =
    portIndex === undefined
      ? undefined
      : numberOf(
          fieldsOf(
            fieldsListOf(fieldsOf(owner?.trafficPolicy).portLevelSettings)[
              Number(portIndex)
            ]?.port,
          ).number,
        );
  const named =
    (subsetIndex === undefined || subset !== undefined) &&
    (portIndex === undefined || port !== undefined);
  return named
    ? {
        ...(subset !== undefined && { subset }),
        ...(port !== undefined && { port }),
      }
    : undefined;
}
