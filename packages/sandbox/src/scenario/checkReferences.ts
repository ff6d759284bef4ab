import type { Scenario } from './schema';

/** A name in the scenario that nothing stands behind. */
export interface ReferenceProblem {
  field: string;
  message: string;
}

const listed = (names: Iterable<string>) =>
  [...names].sort().join(', ') || 'none';

interface Known {
  namespaces: Set<string>;
  services: Set<string>;
  hosts: Set<string>;
  /** Workloads (`ns/name`, `ns/name-version`), as rules name them. */
  peers: Set<string>;
  versions: Map<string, Set<string>>;
  clusters: Set<string>;
}

/** Deployment name of a version: the workload's own when there is one version only. */
export function deploymentName(
  workload: Scenario['workloads'][number],
  version: string,
): string {
  return workload.versions.length === 1
    ? workload.name
    : `${workload.name}-${version}`;
}

function knownNames(scenario: Scenario): Known {
  const known: Known = {
    namespaces: new Set(scenario.namespaces.map(one => one.name)),
    services: new Set(),
    hosts: new Set(),
    peers: new Set(),
    versions: new Map(),
    clusters: new Set(scenario.clusters.map(cluster => cluster.name)),
  };
  for (const workload of scenario.workloads) {
    const { namespace } = workload;
    if (workload.ports.length > 0) {
      known.services.add(`${workload.name}.${namespace}`);
    }
    for (const service of workload.services) {
      known.services.add(`${service.name}.${namespace}`);
    }
    const versions = new Set(workload.versions.map(one => one.version));
    known.versions.set(`${namespace}/${workload.name}`, versions);
    known.peers.add(`${namespace}/${workload.name}`);
    for (const version of versions) {
      known.peers.add(`${namespace}/${deploymentName(workload, version)}`);
    }
  }
  for (const { object } of scenario.objects) {
    const { spec } = object as { spec?: { hosts?: unknown } };
    if (Array.isArray(spec?.hosts)) {
      for (const host of spec.hosts.map(String)) {
        if (host.includes('.') && !host.includes('*')) known.hosts.add(host);
      }
    }
  }
  return known;
}

/** Services (`name.namespace`) and outside hosts that a call can name. */
export function reachableNames(scenario: Scenario): Set<string> {
  const known = knownNames(scenario);
  return new Set([...known.services, ...known.hosts]);
}

/** Checks every name that points at something else in the scenario. */
export function checkReferences(scenario: Scenario): ReferenceProblem[] {
  const known = knownNames(scenario);
  const problems: ReferenceProblem[] = [];
  const need = (
    field: string,
    what: {
      name: string;
      kind: string;
      among: Set<string>;
    },
  ) => {
    if (!what.among.has(what.name)) {
      problems.push({
        field,
        message: `no ${what.kind} \`${what.name}\`; known: ${listed(
          what.among,
        )}`,
      });
    }
  };
  checkWorkloads(scenario, known, need);
  checkFailures(scenario, known, need);
  checkTeamsAndClusters(scenario, known, need);
  return problems;
}

type Need = (
  field: string,
  what: { name: string; kind: string; among: Set<string> },
) => void;

function checkWorkloads(scenario: Scenario, known: Known, need: Need): void {
  const reachable = reachableNames(scenario);
  scenario.workloads.forEach((workload, index) => {
    const at = `workloads[${index}]`;
    need(`${at}.namespace`, {
      name: workload.namespace,
      kind: 'namespace',
      among: known.namespaces,
    });
    const lists = [
      { path: `${at}.calls`, calls: workload.calls },
      ...workload.versions.map((version, number) => ({
        path: `${at}.versions[${number}].calls`,
        calls: version.calls ?? [],
      })),
    ];
    for (const { path, calls } of lists) {
      calls.forEach((call, number) => {
        need(`${path}[${number}].to`, {
          name: call.to,
          kind: 'service or host',
          among: reachable,
        });
        call.onlyFrom.forEach((peer, order) =>
          need(`${path}[${number}].onlyFrom[${order}]`, {
            name: peer,
            kind: 'workload',
            among: known.peers,
          }),
        );
      });
    }
    workload.sends.forEach((send, number) =>
      need(`${at}.sends[${number}].to`, {
        name: send.to,
        kind: 'service or host',
        among: reachable,
      }),
    );
  });
}

function checkFailures(scenario: Scenario, known: Known, need: Need): void {
  scenario.failures.forEach((failure, index) => {
    const at = `failures[${index}]`;
    if (failure.from !== undefined) {
      need(`${at}.from`, {
        name: failure.from,
        kind: 'workload',
        among: known.peers,
      });
    }
    need(`${at}.to`, {
      name: failure.to,
      kind: 'workload or host',
      among: new Set([...known.peers, ...known.hosts]),
    });
    const versions = known.versions.get(failure.to);
    if (failure.version !== undefined && versions) {
      need(`${at}.version`, {
        name: failure.version,
        kind: `version of ${failure.to}`,
        among: versions,
      });
    }
  });
}

function checkTeamsAndClusters(
  scenario: Scenario,
  known: Known,
  need: Need,
): void {
  scenario.teams.forEach((team, index) => {
    if (team.edits === 'everywhere') return;
    team.edits.forEach((namespace, order) =>
      need(`teams[${index}].edits[${order}]`, {
        name: namespace,
        kind: 'namespace',
        among: known.namespaces,
      }),
    );
  });
  scenario.objects.forEach((entry, index) =>
    entry.clusters?.forEach((cluster, order) =>
      need(`objects[${index}].clusters[${order}]`, {
        name: cluster,
        kind: 'cluster',
        among: known.clusters,
      }),
    ),
  );
  scenario.clusters.forEach((cluster, index) => {
    cluster.withoutNamespaces.forEach((namespace, order) =>
      need(`clusters[${index}].withoutNamespaces[${order}]`, {
        name: namespace,
        kind: 'namespace',
        among: known.namespaces,
      }),
    );
    cluster.withoutWorkloads.forEach((workload, order) =>
      need(`clusters[${index}].withoutWorkloads[${order}]`, {
        name: workload,
        kind: 'workload',
        among: new Set(known.versions.keys()),
      }),
    );
  });
}
