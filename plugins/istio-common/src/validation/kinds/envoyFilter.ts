import { type Field, quote } from '../Field';
import { checkRegex, explainRegex } from '../rules/regexes';
import {
  checkOnlyOne,
  checkTextMap,
  checkTexts,
  checkWhole,
} from '../rules/shapes';
import { checkAlphaWorkloadSelector } from '../rules/workloadSelector';
import type { KindValidator } from '../types';
import {
  checkMatch,
  type PatchTarget,
  readMatchedObjects,
} from './envoyFilterMatch';

const TARGETS = [
  'INVALID',
  'LISTENER',
  'FILTER_CHAIN',
  'NETWORK_FILTER',
  'HTTP_FILTER',
  'ROUTE_CONFIGURATION',
  'VIRTUAL_HOST',
  'HTTP_ROUTE',
  'CLUSTER',
  'EXTENSION_CONFIG',
  'BOOTSTRAP',
  'LISTENER_FILTER',
] as const satisfies readonly PatchTarget[];

const CONTEXTS = [
  'ANY',
  'SIDECAR_INBOUND',
  'SIDECAR_OUTBOUND',
  'GATEWAY',
  'WAYPOINT',
] as const;

const OPERATIONS = [
  'INVALID',
  'MERGE',
  'ADD',
  'REMOVE',
  'INSERT_BEFORE',
  'INSERT_AFTER',
  'INSERT_FIRST',
  'REPLACE',
  'MERGE_AND_REPLACE_LIST',
] as const;

const CLASSES = ['UNSPECIFIED', 'AUTHN', 'AUTHZ', 'STATS'] as const;

/** What a patch of these puts in says its type in `typed_config`. */
const TYPED: ReadonlySet<PatchTarget> = new Set([
  'NETWORK_FILTER',
  'HTTP_FILTER',
  'EXTENSION_CONFIG',
  'LISTENER_FILTER',
]);

/** Longer patterns are ignored by istiod. */
const LONGEST_PATTERN = 1024;

/**
 * What is inside `patch.value` is Envoy's: of it only types that Envoy no longer has are told here. The
 * webhook's remark that EnvoyFilters are dangerous goes for every one of them and is left out.
 *
 * Source: istio/istio pkg/config/validation/envoyfilter ValidateEnvoyFilter.
 */
export const validateEnvoyFilter: KindValidator = ({ spec }) => {
  checkAlphaWorkloadSelector(spec.at('workloadSelector'));
  for (const ref of spec.at('targetRefs').items()) {
    checkTexts(ref, ['group', 'kind', 'name', 'namespace']);
  }
  checkWhole(spec.at('priority'));
  spec.at('configPatches').items().forEach(checkPatch);
};

function checkPatch(entry: Field): void {
  const match = entry.at('match');
  const target = entry.at('applyTo').choice(TARGETS);
  const context = match.at('context').choice(CONTEXTS);
  const operation = entry.at('patch').at('operation').choice(OPERATIONS);
  const object = readMatch(match);
  checkValue(entry.at('patch'), {
    isTyped: TYPED.has(target) && context !== 'WAYPOINT',
  });
  // Of patches for waypoints the webhook asks nothing.
  if (context === 'WAYPOINT') {
    return;
  }
  if (target === 'INVALID') {
    entry.at('applyTo').error(`must be one of ${TARGETS.slice(1).join(', ')}`);
  } else if (!entry.at('patch').isSet) {
    entry.at('patch').error('is required');
  } else if (operation === 'INVALID') {
    entry
      .at('patch')
      .at('operation')
      .error(`must be one of ${OPERATIONS.slice(1).join(', ')}`);
  } else if (operation !== 'REMOVE' && !entry.at('patch').at('value').isSet) {
    entry
      .at('patch')
      .at('value')
      .error(`is required with operation ${operation}`);
  } else if (checkProxyVersion(match.at('proxy').at('proxyVersion'))) {
    checkMatch({ match, target, object });
  }
}

/** Reads what has no rule of its own, for its type; gives the object that is matched. */
function readMatch(match: Field): string | undefined {
  checkTextMap(match.at('proxy').at('metadata'));
  match.at('proxy').at('proxyVersion').text();
  readMatchedObjects(match);
  return checkOnlyOne(match, [
    'listener',
    'routeConfiguration',
    'cluster',
    'waypoint',
  ]);
}

/** Whether the version can be matched. */
function checkProxyVersion(field: Field): boolean {
  const pattern = field.text();
  if (new TextEncoder().encode(pattern).length > LONGEST_PATTERN) {
    field.warn(`is longer than ${LONGEST_PATTERN} bytes and ignored`);
    return true;
  }
  checkRegex(field, pattern);
  return explainRegex(pattern) === undefined;
}

function checkValue(patch: Field, options: { isTyped: boolean }): void {
  patch.at('filterClass').choice(CLASSES);
  const value = patch.at('value');
  value.entries();
  if (options.isTyped) {
    checkType(value.at('typed_config').at('@type'));
  }
}

/** Envoy dropped its second API. */
function checkType(field: Field): void {
  const type = field.text();
  if (type.includes('.v2.')) {
    field.error(
      `names a type of Envoy's API v2, which is gone; use that of v3 instead of ${quote(
        type,
      )}`,
    );
  }
}
