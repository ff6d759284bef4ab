import type { Behaviour, Call, Sender, TrafficPlan } from '../traffic/types';
import { deploymentName } from './checkReferences';
import type { Scenario, ScenarioCall, ScenarioCluster } from './schema';

const callOf = (call: ScenarioCall): Call => ({ ...call });

/** The traffic side of a scenario, for one cluster. Workloads the cluster lacks are harmless: they have no pods. */
export function trafficPlan(
  scenario: Scenario,
  cluster: ScenarioCluster,
): TrafficPlan {
  const { mesh } = scenario;
  const behaviours: Record<string, Behaviour> = {};
  const senders: Sender[] = [];
  for (const workload of scenario.workloads) {
    for (const version of workload.versions) {
      const key = `${workload.namespace}/${deploymentName(
        workload,
        version.version,
      )}`;
      behaviours[key] = {
        latency: version.latency ?? workload.latency,
        calls: (version.calls ?? workload.calls).map(callOf),
        requestBytes: workload.requestBytes,
        responseBytes: workload.responseBytes,
      };
    }
    const [first] = workload.versions;
    for (const { id, rate, ...call } of workload.sends) {
      senders.push({
        id,
        rate,
        client: `${workload.namespace}/${deploymentName(
          workload,
          first.version,
        )}`,
        call: { ...call, perRequest: 1, onlyFrom: [] },
      });
    }
  }
  return {
    cluster: cluster.name,
    rootNamespace: mesh.rootNamespace,
    trustDomain: mesh.trustDomain,
    domain: mesh.domain,
    peerDiscovery: mesh.peerDiscovery,
    scrapeIntervalMs: mesh.scrapeIntervalSeconds * 1000,
    rhythm: mesh.rhythm,
    behaviours,
    senders,
    failures: scenario.failures,
    istioVersion: mesh.istioVersion,
    share: cluster.share,
  };
}
