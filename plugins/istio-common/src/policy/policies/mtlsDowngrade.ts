import type { PlanOperation } from '../../changes/types';
import { simulatePlan } from '../../changes/simulatePlan';
import { listWorkloadPorts } from '../../mesh/mtls/listWorkloadPorts';
import { resolvePeerMode } from '../../mesh/mtls/resolvePeerMode';
import { listWorkloads } from '../../mesh/workloadKeys';
import { isKind, describeObject } from '../../resources/objectKey';
import { readWorkload } from '../../resources/workload';
import { isDecidable } from '../../snapshot/readiness';
import type { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { findPlaintextClients, readTlsModes } from '../findPlaintextClients';
import { judgeObjects, type ObjectVerdict } from '../judgeObjects';
import type { Policy, PolicyInput } from '../types';

const STRENGTH = { DISABLE: 0, PERMISSIVE: 1, STRICT: 2 } as const;
type Mode = keyof typeof STRENGTH;

/** Stands for the ports that nothing declares. */
const OTHER_PORTS = 0;

/**
 * Encryption that is there is not given up by one person: neither by a policy that accepts plaintext, on
 * whatever level, nor by a DestinationRule that sends it.
 */
export const mtlsDowngrade: Policy = {
  id: 'mtls-downgrade',
  description: 'Encryption becomes weaker only with approval',
  version: 1,
  evaluate(input) {
    return judgeObjects({
      policy: this.id,
      input,
      concerns: ({ subject }) =>
        isKind(subject, 'PeerAuthentication') ||
        readTlsModes(subject).length > 0,
      judge: ({ operation, subject, before, after }) => {
        const approvers = [input.settings.platformTeams];
        const weaker = (text: string, path?: string): ObjectVerdict => ({
          verdict: 'needsApproval',
          text,
          approvers,
          ...(path !== undefined && { path }),
        });
        if (isKind(subject, 'PeerAuthentication')) {
          return judgePeer(input, operation).map(text => weaker(text));
        }
        return after
          ? findPlaintextClients({ before, after }).map(({ path, mode }) =>
              weaker(
                `${describeObject(after)} makes clients send ${
                  mode === 'DISABLE'
                    ? 'plaintext'
                    : `TLS without the mesh's identity (${mode})`
                } to a Service of the mesh`,
                path,
              ),
            )
          : [];
      },
      pass: 'Encryption stays as strong as it is',
    });
  },
};

/** One sentence per mode that some workloads would fall to. */
function judgePeer(input: PolicyInput, operation: PlanOperation): string[] {
  const now = input.snapshots.find(
    ({ cluster }) => cluster === operation.object.cluster,
  );
  if (!now) {
    return [
      `There is no data of ${
        operation.object.cluster
      } to tell whether ${describeObject(
        operation.object,
      )} makes encryption weaker`,
    ];
  }
  const { namespace } = operation.object;
  const name = describeObject(operation.object);
  if (!isDecidable(now, 'PeerAuthentication')) {
    return [
      `PeerAuthentications of ${now.cluster} could not be read, so nobody can tell whether ${name} makes encryption weaker`,
    ];
  }
  const then = simulatePlan(now, input.plan);
  const everywhere = namespace === now.rootNamespace;
  const falls = new Map<string, Set<string>>();
  for (const workload of listWorkloads(
    now,
    everywhere ? undefined : namespace,
  )) {
    for (const [from, to] of listFalls(workload, { now, then })) {
      const key = `${from} to ${to}`;
      const names = falls.get(key) ?? new Set();
      falls.set(key, names.add(workload.name));
    }
  }
  // Pods to come count too: without any, the namespace's own mode says what they would get.
  if (falls.size === 0 && namespace !== undefined) {
    const [from, to] = [now, then].map(snapshot =>
      modeOf(snapshot, { namespace, labels: {}, port: OTHER_PORTS }),
    );
    if (STRENGTH[to] < STRENGTH[from]) {
      falls.set(`${from} to ${to}`, new Set([`namespace ${namespace}`]));
    }
  }
  return [...falls].map(
    ([fall, names]) => `${name} takes ${listed([...names])} from ${fall}`,
  );
}

function* listFalls(
  workload: WorkloadKey,
  { now, then }: { now: MeshSnapshot; then: MeshSnapshot },
): Generator<[Mode, Mode]> {
  const object = now.workload(workload);
  const labels = object ? readWorkload(object).labels : {};
  const ports = new Set([
    OTHER_PORTS,
    ...[now, then].flatMap(snapshot =>
      listWorkloadPorts(snapshot, workload).map(({ port }) => port),
    ),
  ]);
  for (const port of ports) {
    const where = { namespace: workload.namespace, labels, port };
    const from = modeOf(now, where);
    const to = modeOf(then, where);
    if (STRENGTH[to] < STRENGTH[from]) {
      yield [from, to];
    }
  }
}

function modeOf(
  snapshot: MeshSnapshot,
  where: Omit<Parameters<typeof resolvePeerMode>[0], 'snapshot'>,
): Mode {
  return resolvePeerMode({ snapshot, ...where }).ported.mode;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
