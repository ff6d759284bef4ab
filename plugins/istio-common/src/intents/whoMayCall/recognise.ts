import { readAuthorizationPolicy } from '../../resources/authorizationPolicy';
import { isKind, describeObject } from '../../resources/objectKey';
import { recogniseParams } from '../recogniseParams';
import type { RecogniseOptions, Recognised } from '../types';
import { readCallerRules } from './readRules';
import { whoMayCallParamsSchema, type WhoMayCallParams } from './schema';

/** Reads the callers of an AuthorizationPolicy; rules that the form cannot say are left out, as they are kept. */
export function recogniseWhoMayCall(
  options: RecogniseOptions,
): Recognised<WhoMayCallParams> {
  const { object, clusters, service } = options;
  if (!isKind(object, 'AuthorizationPolicy')) {
    return {
      ok: false,
      why: `${describeObject(object)} is no AuthorizationPolicy`,
    };
  }
  if (!service || service.namespace !== object.metadata.namespace) {
    return {
      ok: false,
      why: `${describeObject(
        object,
      )} is not of the namespace of the Service it is read for`,
    };
  }
  const { action, dryRun } = readAuthorizationPolicy(object);
  if (action !== 'ALLOW' && action !== 'DENY') {
    return {
      ok: false,
      why: `${describeObject(object)} is of action ${
        action ?? 'unknown'
      }; ALLOW and DENY are edited here`,
    };
  }
  return recogniseParams(whoMayCallParamsSchema, {
    clusters,
    namespace: service.namespace,
    service: service.name,
    action,
    policy: object.metadata.name,
    dryRun,
    rules: readCallerRules(object).flatMap(({ rule }) => rule ?? []),
  });
}
