import { fieldsOf } from '../../../resources/fields';
import { readPolicyTargets } from '../../../resources/policyTarget';
import { describeSelector } from '../../../resources/selector';
import { readOwnSelector } from '../../selection/ownSelector';
import {
  SELECTABLE_KINDS,
  selectsWorkload,
} from '../../selection/selectsWorkload';
import type { Rule } from '../../types';

/** Kinds whose selector reaches the whole mesh from the root namespace; others select in their own only. */
const MESH_WIDE = ['EnvoyFilter', 'WasmPlugin'];

/**
 * Source: istio/istio analyzers/telemetry/selector.go; pilot/pkg/model telemetry.go, proxy_config.go,
 * PushContext.EnvoyFilters and WasmPlugins for how far a selector reaches (1.31).
 */
export const extensionSelectsNothing: Rule = {
  code: 'ISB1007',
  name: 'extension-selects-nothing',
  title:
    'A Telemetry, WasmPlugin, EnvoyFilter or ProxyConfig selects no workload',
  severity: 'warning',
  explanation:
    'No workload within reach carries all the labels, so the object is in force nowhere. The selector of a Telemetry or ProxyConfig finds workloads of its own namespace only, in the root namespace too.',
  remedy:
    'Correct the labels, or move the object into the namespace of the workloads.',
  equivalents: ['IST0101', 'KIA0004'],
  subjects: ['Telemetry', 'WasmPlugin', 'EnvoyFilter', 'ProxyConfig'],
  inputs: SELECTABLE_KINDS,
  reach: 'namespace',
  check(subject, { snapshot }) {
    const selector = readOwnSelector(subject);
    const { namespace = '' } = subject.metadata;
    const reachesAll =
      namespace === snapshot.rootNamespace && MESH_WIDE.includes(subject.kind);
    if (
      !selector ||
      readPolicyTargets(fieldsOf(subject.spec)).length > 0 ||
      selectsWorkload(
        snapshot,
        selector.labels,
        reachesAll ? undefined : namespace,
      )
    ) {
      return [];
    }
    return [
      {
        message: `No workload of ${
          reachesAll ? 'the mesh' : namespace
        } carries ${describeSelector(
          selector.labels,
        )}: it is in force nowhere.`,
        path: selector.path,
      },
    ];
  },
};
