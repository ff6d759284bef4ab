import type { Behaviour, Call, Sender, TrafficPlan } from '../traffic/types';
import { deploymentName, reachableNames } from './checkReferences';
import type { Scenario, ScenarioCall, ScenarioCluster } from './schema';

const callOf = (call: ScenarioCall): Call => ({ ...call });

/** The traffic side of a cluster's part of a scenario. Calls of what the cluster does not have are not made there. */
export function trafficPlan(
  scenario: Scenario,
  cluster: ScenarioCluster,
): TrafficPlan {
  const { mesh } = scenario;
  const behaviours: Record<string, Behaviour> = {};
  const senders: Sender[] = [];
  const reachable = reachableNames(scenario);
  const exists = ({ to }: { to: string }) => reachable.has(to);
  for (const workload of scenario.workloads) {
    for (const version of workload.versions) {
      const key = `${workload.namespace}/${deploymentName(
        workload,
        version.version,
      )}`;
      behaviours[key] = {
        latency: version.latency ?? workload.latency,
        calls: (version.calls ?? workload.calls).filter(exists).map(callOf),
        requestBytes: workload.requestBytes,
        responseBytes: workload.responseBytes,
      };
    }
    const [first] = workload.versions;
    for (const { id, rate, ...call } of workload.sends.filter(exists)) {
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
