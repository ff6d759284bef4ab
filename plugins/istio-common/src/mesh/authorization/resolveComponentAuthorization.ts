import { EntityMatch, WorkloadMatch } from '../../entity/types';
import { readService } from '../../resources/service';
import { readWorkload } from '../../resources/workload';
import { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { listCalledServices } from '../mtls/listCalledServices';
import { listWorkloadPorts } from '../mtls/listWorkloadPorts';
import { findNamedWorkloads, listWorkloads } from '../workloadKeys';
import { principalOf } from './collectFacts';
import { ComponentAuthorization, PlacedAnswer } from './componentAccess';
import { resolveAuthorization } from './resolveAuthorization';
import { AuthorizationCaller, AuthorizationRequest } from './types';

/** "May A call the component with this request?" */
export interface ComponentQuestion
  extends Pick<
    AuthorizationRequest,
    'method' | 'path' | 'host' | 'headers' | 'token'
  > {
  from: { namespace: string; name: string } | { ip: string };
  /** Container port; absent: the first that a Service leads to. */
  port?: number;
}

type FoundCaller = ComponentAuthorization['caller'] & {
  from: AuthorizationCaller;
};

/** Asks each workload of the component in each cluster; equal answers are one. */
export function resolveComponentAuthorization(options: {
  match: EntityMatch;
  snapshots: readonly MeshSnapshot[];
  question: ComponentQuestion;
}): ComponentAuthorization {
  const { match, snapshots, question } = options;
  const port = question.port ?? firstPort(match, snapshots);
  const caller = findCaller(snapshots, question);
  const { from: _, ...described } = caller;
  const answers = new Map<string, PlacedAnswer>();
  const unknown: string[] = [];
  for (const workload of match.workloads) {
    const snapshot = snapshots.find(
      ({ cluster }) => cluster === workload.cluster,
    );
    if (!snapshot || port === undefined) {
      unknown.push(`${workload.cluster}: ${workload.name} could not be read`);
      continue;
    }
    const answer = ask({ snapshot, workload, port, caller, question });
    const key = JSON.stringify(answer, (name, value) =>
      name === 'cluster' ? undefined : value,
    );
    const known = answers.get(key) ?? {
      ...answer,
      clusters: [],
      workloads: [],
    };
    pushNew(known.clusters, workload.cluster);
    pushNew(known.workloads, workload.name);
    answers.set(key, known);
  }
  const all = [...answers.values()];
  return {
    decision: decide(all),
    ...(port === undefined ? {} : { port }),
    caller: described,
    answers: all,
    unknown,
  };
}

function decide(
  answers: readonly PlacedAnswer[],
): ComponentAuthorization['decision'] {
  const decisions = new Set(answers.map(({ decision }) => decision));
  const [only] = decisions;
  if (decisions.size === 0) {
    return 'unknown';
  }
  return decisions.size === 1 ? only : 'mixed';
}

function ask(options: {
  snapshot: MeshSnapshot;
  workload: WorkloadMatch;
  port: number;
  caller: FoundCaller;
  question: ComponentQuestion;
}) {
  const { snapshot, workload, port, caller, question } = options;
  const { kind, namespace, name } = workload;
  const { method, path, host, headers, token } = question;
  const to = { workload: { kind, namespace, name }, port };
  return resolveAuthorization({
    snapshot,
    request: {
      from: seenFrom(snapshot, caller),
      to,
      ...(method === undefined ? {} : { method }),
      ...(path === undefined ? {} : { path }),
      ...(host === undefined ? {} : { host }),
      ...(headers === undefined ? {} : { headers }),
      ...(token === undefined ? {} : { token }),
    },
  });
}

/** A workload of another cluster comes with its identity; what it sends is its mesh's. */
function seenFrom(
  snapshot: MeshSnapshot,
  { from, principal }: FoundCaller,
): AuthorizationCaller {
  return from.workload && !snapshot.workload(from.workload)
    ? { ...(principal ? { principal } : {}) }
    : from;
}

interface Named {
  namespace: string;
  name: string;
}

function findByAccount(
  snapshot: MeshSnapshot,
  { namespace, name }: Named,
): WorkloadKey[] {
  return listWorkloads(snapshot, namespace).filter(key => {
    const object = snapshot.workload(key);
    return object && readWorkload(object).serviceAccount === name;
  });
}

function findByService(
  snapshot: MeshSnapshot,
  { namespace, name }: Named,
): WorkloadKey[] {
  const service = snapshot.get('Service', namespace, name);
  return service
    ? [...snapshot.workloadsMatching(namespace, readService(service).selector)]
    : [];
}

/** What a name can mean, in the order in which it is looked up. */
const WAYS = [
  { kind: 'workload', find: findNamedWorkloads },
  { kind: 'serviceAccount', find: findByAccount },
  { kind: 'service', find: findByService },
] as const;

/** By the name of a workload, a service account, or a Service; else an identity of that name is assumed. */
function findCaller(
  snapshots: readonly MeshSnapshot[],
  { from }: ComponentQuestion,
): FoundCaller {
  if ('ip' in from) {
    return { kind: 'address', name: from.ip, from: { ip: from.ip } };
  }
  const { namespace, name } = from;
  for (const { kind, find } of WAYS) {
    for (const snapshot of snapshots) {
      const [workload] = find(snapshot, from);
      if (workload) {
        const caller: AuthorizationCaller = { workload };
        const principal = principalOf(snapshot, caller);
        return {
          kind,
          name: `${namespace}/${name}`,
          workload: workload.name,
          ...(principal ? { principal } : {}),
          from: caller,
        };
      }
    }
  }
  const assumed: AuthorizationCaller = { namespace, serviceAccount: name };
  const [snapshot] = snapshots;
  const principal = snapshot && principalOf(snapshot, assumed);
  return {
    kind: 'assumed',
    name: `${namespace}/${name}`,
    ...(principal ? { principal } : {}),
    from: assumed,
  };
}

/** The lowest port that a Service leads to, else the lowest that is declared. */
function firstPort(
  match: EntityMatch,
  snapshots: readonly MeshSnapshot[],
): number | undefined {
  for (const workload of match.workloads) {
    const snapshot = snapshots.find(
      ({ cluster }) => cluster === workload.cluster,
    );
    const ports = snapshot
      ? listWorkloadPorts(snapshot, workload)
          .map(({ port }) => port)
          .sort((a, b) => a - b)
      : [];
    const served = ports.find(
      port =>
        snapshot && listCalledServices({ snapshot, workload, port }).length > 0,
    );
    if (ports.length > 0) {
      return served ?? ports[0];
    }
  }
  return undefined;
}

function pushNew(list: string[], item: string): void {
  if (!list.includes(item)) {
    list.push(item);
  }
}
