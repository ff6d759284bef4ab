import { numberOf, type Fields } from '../../resources/fields';
import { readService } from '../../resources/service';
import type { MeshSnapshot } from '../../snapshot/types';

/** Why a Service cannot be a backend beside its siblings: it must have their port; in words. */
export function checkBackend(options: {
  snapshot: MeshSnapshot;
  namespace: string;
  name: string;
  sibling: Fields;
}): string | undefined {
  const { snapshot, namespace, name, sibling } = options;
  const service = snapshot.get('Service', namespace, name);
  const port = numberOf(sibling.port);
  const ports = service
    ? readService(service).ports.map(each => each.port)
    : [];
  return port === undefined || ports.includes(port)
    ? undefined
    : `Service ${namespace}/${name} has no port ${port}, which the rule's backends use; it has ${ports.join(
        ', ',
      )}`;
}

/** Group, kind, namespace and port of the sibling; its filters and its weight are its own. */
export function copyBackend(sibling: Fields, name: string): Fields {
  const copied: Record<string, unknown> = {};
  for (const field of ['group', 'kind', 'name', 'namespace', 'port']) {
    const value = field === 'name' ? name : sibling[field];
    if (value !== undefined) {
      copied[field] = value;
    }
  }
  return copied;
}
