import { findUnusedGrants } from '../../../mesh/authorization/findUnusedGrants';
import { readAuthorizationPolicy } from '../../../resources/authorizationPolicy';
import { pointerOf } from '../../facts/pointerOf';
import { formatDuration, formatQuantity } from '../../../telemetry/format';
import type { RequestSample } from '../../../telemetry/types';
import type { KubeObject } from '../../../resources/types';
import type { MeshSnapshot, WorkloadKey } from '../../../snapshot/types';
import {
  indexTraffic,
  type ObservedTraffic,
} from '../../facts/observedTraffic';
import { listSelected, WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';

/** Requests with a known caller below which nothing is said: a quiet workload proves no grant superfluous. */
const ENOUGH = 100;

interface Grant {
  fieldPath: string;
  list: string;
  value: string;
}

/** Requests that the workload's own proxy saw come encrypted. */
function listIdentified(
  observed: ObservedTraffic,
  workload: WorkloadKey,
): RequestSample[] {
  return observed
    .to(workload)
    .requests.filter(
      ({ reporter, security, source }) =>
        reporter === 'destination' &&
        (source.principal !== undefined || security === 'mutual_tls'),
    );
}

/** Grants of the policy that nobody used at the workload; undefined: too little is known to say. */
function findUnused(
  snapshot: MeshSnapshot,
  options: {
    policy: KubeObject;
    workload: WorkloadKey;
    samples: readonly RequestSample[];
  },
): Grant[] | undefined {
  const { policy, workload, samples } = options;
  const callers = samples.map(({ source }) => source.principal);
  const observed = callers.filter(caller => caller !== undefined);
  // Whom nobody can name may be the one that the grant is for.
  if (sum(samples) < ENOUGH || observed.length < callers.length) {
    return undefined;
  }
  const unused = findUnusedGrants({
    snapshot,
    workload,
    observed: [...new Set(observed)],
  });
  return unused.known
    ? unused.grants.flatMap(({ policy: by, list, value }) =>
        by.by === 'object' &&
        by.object.namespace === policy.metadata.namespace &&
        by.object.name === policy.metadata.name
          ? [{ fieldPath: by.fieldPath, list, value }]
          : [],
      )
    : undefined;
}

function sum(samples: readonly RequestSample[]): number {
  return samples.reduce((total, { requests }) => total + requests, 0);
}

/** By its place and value, for the same grant at several workloads. */
function keyOf({ fieldPath, value }: Grant): string {
  return `${fieldPath}\n${value}`;
}

/** Source: istio.io, Istio Standard Metrics, source_principal. */
export const unusedGrant: Rule = {
  code: 'ISB1203',
  name: 'traffic-unused-grant',
  title: 'An ALLOW rule admits a caller that does not call',
  severity: 'info',
  explanation:
    'Within the window the workloads got requests enough, and none of a caller that this value names. A grant nobody uses is one that nobody would miss, and one more way in.',
  remedy:
    'Look at a longer window, for callers such as nightly jobs; then remove the value.',
  equivalents: [],
  subjects: ['AuthorizationPolicy'],
  inputs: WORKLOAD_KINDS,
  reach: 'namespace',
  needs: ['traffic'],
  check(subject, { snapshot, traffic }) {
    const { action, selector, targets, dryRun } =
      readAuthorizationPolicy(subject);
    const { namespace = '' } = subject.metadata;
    if (!traffic || action !== 'ALLOW' || dryRun || targets.length > 0) {
      return [];
    }
    const observed = indexTraffic(traffic);
    let unused: Grant[] | undefined;
    let requests = 0;
    for (const workload of listSelected(snapshot, { namespace, selector })) {
      const samples = listIdentified(observed, workload);
      const here = findUnused(snapshot, { policy: subject, workload, samples });
      if (!here) return [];
      const keys = new Set(here.map(keyOf));
      unused = unused?.filter(grant => keys.has(keyOf(grant))) ?? here;
      requests += sum(samples);
    }
    return (unused ?? []).map(({ fieldPath, list, value }) => ({
      message: `None of ${formatQuantity(
        requests,
        'request',
      )} in the last ${formatDuration(
        traffic.window.seconds,
      )} came from ${value} (${list}).`,
      path: findValue(subject, fieldPath, value),
    }));
  },
};

/** Place of the value in its list. */
function findValue(
  policy: KubeObject,
  fieldPath: string,
  value: string,
): string {
  const list = pointerOf(fieldPath)
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (node, key) => (node as Record<string, unknown> | undefined)?.[key],
      policy,
    );
  const index = Array.isArray(list) ? list.indexOf(value) : -1;
  return index < 0 ? fieldPath : `${fieldPath}[${index}]`;
}
