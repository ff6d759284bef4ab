import type {
  ComponentMesh,
  ExposureAnswer,
} from '@istio-backstage/plugin-istio-common';
import type { RequestDraft } from './requestQuery';

/** A caller to choose. */
export interface CallerChoice {
  id: string;
  label: string;
}

/** The question a person most likely has: the first caller, the first Service. */
export function proposeDraft(
  mesh: ComponentMesh,
  clusters: readonly string[],
): RequestDraft | undefined {
  const service =
    mesh.match.services.find(({ cluster }) => clusters.includes(cluster)) ??
    mesh.match.services[0];
  if (!service) return undefined;
  const [caller] = callersOf(mesh);
  const port = service.ports[0]?.port ?? 80;
  return {
    cluster: service.cluster,
    caller: caller?.id ?? `workload:${service.namespace}/`,
    target: `${service.name}.${service.namespace}.svc.${domainOf(
      service.host,
    )}:${port}`,
    method: 'GET',
    path: '/',
    headers: [],
  };
}

function domainOf(host: string): string {
  return host.split('.svc.')[1] ?? 'cluster.local';
}

/** Callers inside the mesh that were seen. */
function callersOf(mesh: ComponentMesh): CallerChoice[] {
  return mesh.neighbours
    .filter(
      ({ direction, kind, namespace, outsideMesh }) =>
        direction === 'caller' &&
        kind === 'workload' &&
        namespace !== undefined &&
        !outsideMesh,
    )
    .map(({ namespace, name }) => ({
      id: `workload:${namespace}/${name}`,
      label: `${name} (${namespace})`,
    }));
}

/** Who may be asked for: callers that were seen, gateways in front, and the component itself. */
export function listCallers(
  mesh: ComponentMesh,
  exposures: readonly ExposureAnswer[],
  chosen: string,
): CallerChoice[] {
  const gateways = exposures
    .flatMap(({ gateways: all }) => all)
    .map(({ gateway: { namespace, name } }) => ({
      id: `gateway:${namespace}/${name}`,
      label: `Gateway ${name} (${namespace})`,
    }));
  const own = mesh.match.workloads.map(({ namespace, name }) => ({
    id: `workload:${namespace}/${name}`,
    label: `${name} (${namespace}), itself`,
  }));
  const anyone = mesh.match.services.map(({ namespace }) => ({
    id: `workload:${namespace}/`,
    label: `Any pod in ${namespace}`,
  }));
  const all = new Map(
    [...callersOf(mesh), ...gateways, ...own, ...anyone].map(choice => [
      choice.id,
      choice,
    ]),
  );
  if (!all.has(chosen)) {
    all.set(chosen, { id: chosen, label: chosen.replace(/^\w+:/, '') });
  }
  return [...all.values()];
}
