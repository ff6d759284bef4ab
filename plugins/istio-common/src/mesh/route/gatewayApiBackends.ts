import {
  Fields,
  fieldsListOf,
  fieldsOf,
  numberOf,
  textOf,
} from '../../resources/fields';
import { serviceHost } from '../../resources/host';
import { KubeObject } from '../../resources/types';
import { at, Destination, Origin } from './routeTable';

/** What backends are resolved with. */
export interface BackendContext {
  domain: string;
  /** Whether references into other namespaces need a ReferenceGrant: at gateways, not in the mesh. */
  needsGrant: boolean;
  grants: readonly KubeObject[];
  /** Services that exist, `namespace/name`. */
  services: ReadonlySet<string>;
}

/**
 * The backends of a rule with a weight above 0; undefined when one is malformed, which makes Istio drop
 * the whole route. A backend that may not be referenced has no host and fails for its share.
 *
 * Source: istio/istio pilot/pkg/config/kube/gateway buildHTTPDestination, buildDestination (1.31).
 */
export function readBackends(
  rule: Fields,
  origin: Origin,
  context: BackendContext,
): Destination[] | undefined {
  const backends: Destination[] = [];
  for (const [index, fields] of fieldsListOf(rule.backendRefs).entries()) {
    const weight = numberOf(fields.weight) ?? 1;
    if (weight > 0) {
      const backend = readBackend(
        fields,
        at(origin, `backendRefs[${index}]`),
        context,
      );
      if (!backend) {
        return undefined;
      }
      backends.push({ ...backend, weight });
    }
  }
  return backends;
}

/** One backend; undefined when it is malformed. */
export function readBackend(
  fields: Fields,
  origin: Origin,
  context: BackendContext,
): Destination | undefined {
  const invalid: Destination = { ...origin, host: '', weight: 0, fields };
  const from = origin.object.metadata.namespace ?? '';
  const name = textOf(fields.name) ?? '';
  const namespace = textOf(fields.namespace);
  const group = typeof fields.group === 'string' ? fields.group : '';
  const kind = textOf(fields.kind) ?? 'Service';
  if (
    context.needsGrant &&
    namespace !== undefined &&
    namespace !== from &&
    !isGranted({
      from: origin.object,
      to: { namespace, group, kind, name },
      grants: context.grants,
    })
  ) {
    return invalid;
  }
  const host = backendHost(
    { group, kind, name, namespace: namespace ?? from },
    context,
  );
  if (host === undefined) {
    return invalid;
  }
  const port = numberOf(fields.port);
  const malformed =
    port === undefined ||
    (kind === 'Service' && name.includes('.')) ||
    (kind === 'Hostname' && namespace !== undefined);
  return malformed ? undefined : { ...invalid, host, port };
}

/** Undefined for kinds Istio does not route to. */
function backendHost(
  to: { group: string; kind: string; name: string; namespace: string },
  context: BackendContext,
): string | undefined {
  if (
    (to.kind === 'Service' && to.group === '') ||
    (to.kind === 'ServiceImport' && to.group === 'multicluster.x-k8s.io')
  ) {
    return serviceHost(to, context.domain);
  }
  return to.kind === 'Hostname' && to.group === 'networking.istio.io'
    ? to.name.toLowerCase()
    : undefined;
}

/** Whether the Service a backend names exists; other kinds are taken at their word. */
export function backendExists(
  backend: Destination,
  context: BackendContext,
): boolean {
  const { kind = 'Service', name, namespace } = backend.fields;
  const own = backend.object.metadata.namespace ?? '';
  return (
    kind !== 'Service' ||
    context.services.has(`${textOf(namespace) ?? own}/${textOf(name) ?? ''}`)
  );
}

/**
 * Whether a ReferenceGrant lets a route or Gateway name an object of another namespace.
 *
 * Source: istio/istio pilot/pkg/config/kube/gatewaycommon references.go BackendAllowed, SecretAllowed (1.31).
 */
export function isGranted(options: {
  from: KubeObject;
  to: { namespace: string; group: string; kind: string; name: string };
  grants: readonly KubeObject[];
}): boolean {
  const { from: referrer, to, grants } = options;
  return grants
    .filter(grant => grant.metadata.namespace === to.namespace)
    .some(grant => {
      const spec = fieldsOf(grant.spec);
      return (
        fieldsListOf(spec.from).some(
          from =>
            from.group === 'gateway.networking.k8s.io' &&
            from.kind === referrer.kind &&
            from.namespace === referrer.metadata.namespace,
        ) &&
        fieldsListOf(spec.to).some(
          entry =>
            (entry.group ?? '') === to.group &&
            entry.kind === to.kind &&
            (textOf(entry.name) ?? to.name) === to.name,
        )
      );
    });
}
