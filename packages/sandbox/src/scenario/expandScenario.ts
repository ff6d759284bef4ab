import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import type { HistoryEvent, TrafficPlan } from '../traffic/types';
import { certificateObject } from './objects/certificates';
import { controlPlaneObjects } from './objects/controlPlane';
import { namespaceObject } from './objects/namespaces';
import type { ClusterContext } from './objects/proxyContainer';
import { PORTAL_ACCOUNT, rbacObjects } from './objects/rbac';
import { contentsOf, rawObject } from './objects/rawObjects';
import { serviceObjects } from './objects/services';
import { workloadObjects } from './objects/workloads';
import type { Scenario, ScenarioNamespace } from './schema';
import { trafficPlan } from './trafficPlan';
import { WorldTimes } from './timeline';

/** Identities behind the demo's bearer tokens. They are no secrets: the sandbox listens on loopback only. */
export type DemoTokens = Record<string, { user: string; groups?: string[] }>;

/** One cluster of a scenario, ready to be served. */
export interface ClusterWorld {
  cluster: string;
  /** Every Kubernetes object as it is at the start. */
  objects: KubeObject[];
  plan: TrafficPlan;
  /** The traffic-relevant past, up to the start. */
  history: HistoryEvent[];
  tokens: DemoTokens;
}

/** Namespaces that every cluster has beside those of the scenario. */
function systemNamespaces(rootNamespace: string): ScenarioNamespace[] {
  return [
    'default',
    'kube-system',
    rootNamespace,
    PORTAL_ACCOUNT.namespace,
  ].map(name => ({
    name,
    mesh: 'none',
    age: '300d',
    labels: {},
    annotations: {},
  }));
}

/** What one cluster has of the scenario. */
function partOf(scenario: Scenario, clusterName: string): ClusterContext {
  const cluster = scenario.clusters.find(one => one.name === clusterName);
  if (!cluster) {
    throw new Error(
      `no cluster \`${clusterName}\` in the scenario; known: ${scenario.clusters
        .map(one => one.name)
        .join(', ')}`,
    );
  }
  const hasNamespace = (name: string) =>
    !cluster.withoutNamespaces.includes(name);
  return {
    cluster,
    scenario: {
      ...scenario,
      namespaces: scenario.namespaces.filter(one => hasNamespace(one.name)),
      teams: scenario.teams.map(team => ({
        ...team,
        edits:
          team.edits === 'everywhere'
            ? team.edits
            : team.edits.filter(hasNamespace),
      })),
      workloads: scenario.workloads.filter(
        one =>
          hasNamespace(one.namespace) &&
          !cluster.withoutWorkloads.includes(`${one.namespace}/${one.name}`),
      ),
      certificates: scenario.certificates.filter(
        ({ clusters, namespace }) =>
          (clusters ?? [clusterName]).includes(clusterName) &&
          hasNamespace(namespace),
      ),
      objects: scenario.objects.filter(({ clusters, object }) => {
        const { namespace } = object.metadata as { namespace?: string };
        return (
          (clusters ?? [clusterName]).includes(clusterName) &&
          (namespace === undefined || hasNamespace(namespace))
        );
      }),
    },
  };
}

/** Kubernetes objects, traffic plan and past of one cluster. Pure: the same scenario and times give the same world. */
export function expandScenario(
  scenario: Scenario,
  clusterName: string,
  times: WorldTimes,
): ClusterWorld {
  const context = partOf(scenario, clusterName);
  const own = context.scenario;
  const namespaces = [
    ...own.namespaces,
    ...systemNamespaces(own.mesh.rootNamespace).filter(
      system => !own.namespaces.some(one => one.name === system.name),
    ),
  ];
  const fixed: KubeObject[] = [
    ...namespaces.map(namespace => namespaceObject(namespace, times)),
    ...controlPlaneObjects(context, times),
    ...rbacObjects(own, times),
    ...own.certificates.map(one => certificateObject(one, times)),
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { ...PORTAL_ACCOUNT },
    },
    ...own.workloads.flatMap(workload => [
      ...serviceObjects(workload, times),
      ...workloadObjects(context, workload, times),
    ]),
  ];
  return {
    cluster: clusterName,
    objects: [...fixed, ...own.objects.map(entry => rawObject(entry, times))],
    plan: trafficPlan(own, context.cluster),
    history: historyOf(own, fixed, times),
    tokens: demoTokens(own),
  };
}

/** Groups what came into being since the epoch by its time; older things are there from the epoch on. */
function historyOf(
  scenario: Scenario,
  fixed: KubeObject[],
  times: WorldTimes,
): HistoryEvent[] {
  const byTime = new Map<number, KubeObject[]>();
  const note = (at: number, object: KubeObject) => {
    const time = Math.max(times.epoch, Math.min(at, times.startedAt));
    const together = byTime.get(time);
    if (together) together.push(object);
    else byTime.set(time, [object]);
  };
  for (const object of fixed) {
    const created = Date.parse(object.metadata.creationTimestamp ?? '');
    note(Number.isNaN(created) ? times.epoch : created, object);
  }
  for (const entry of scenario.objects) {
    for (const { at, object } of contentsOf(entry, times)) note(at, object);
  }
  return [...byTime]
    .sort(([a], [b]) => a - b)
    .map(([at, applied]) => ({ at, applied }));
}

function demoTokens(scenario: Scenario): DemoTokens {
  const tokens: DemoTokens = {
    'sandbox-portal': {
      user: `system:serviceaccount:${PORTAL_ACCOUNT.namespace}:${PORTAL_ACCOUNT.name}`,
      groups: [
        'system:serviceaccounts',
        `system:serviceaccounts:${PORTAL_ACCOUNT.namespace}`,
      ],
    },
    'sandbox-admin': { user: 'sandbox-admin', groups: ['system:masters'] },
  };
  for (const team of scenario.teams) {
    for (const member of team.members) {
      const token = `sandbox-${member}`;
      tokens[token] = {
        user: member,
        groups: [...(tokens[token]?.groups ?? []), team.name],
      };
    }
  }
  return tokens;
}
