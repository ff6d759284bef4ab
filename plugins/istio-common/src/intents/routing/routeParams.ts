import type { RecogniseOptions } from '../types';

/** What every intent about a rule of a route reads back first: the Service, and which rule it is. */
export function routeParams<TKind extends string>(
  { object, fieldPath, clusters }: RecogniseOptions,
  found: { kind: TKind; service: { namespace: string; name: string } },
) {
  const { kind, service } = found;
  return {
    clusters,
    namespace: service.namespace,
    service: service.name,
    route: {
      kind,
      namespace: object.metadata.namespace ?? '',
      name: object.metadata.name,
      fieldPath,
    },
  };
}
