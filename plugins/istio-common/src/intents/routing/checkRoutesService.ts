import { resolveHost, serviceHost } from '../../resources/host';
import { readGatewayApiRoute } from '../../resources/httpRoute';
import type { KubeObject } from '../../resources/types';
import { readVirtualService } from '../../resources/virtualService';
import type { MeshSnapshot } from '../../snapshot/types';
import { describeObject } from '../../resources/objectKey';
import type { CompileProblem } from '../types';
import type { RouteRule } from './routeRule';

/** The rule must be about the Service that the intent names: else two forms would talk at cross purposes. */
export function checkRoutesService(options: {
  rule: RouteRule;
  object: KubeObject;
  snapshot: MeshSnapshot;
  params: { namespace: string; service: string };
  fieldPath: string;
}): CompileProblem | undefined {
  const { rule, object, snapshot, params, fieldPath } = options;
  const service = { namespace: params.namespace, name: params.service };
  const host = serviceHost(service, snapshot.domain);
  const sendsThere = rule.destinations.some(each => each.host === host);
  return sendsThere || namedHosts(object, snapshot.domain).includes(host)
    ? undefined
    : {
        field: 'service',
        message: `${fieldPath} of ${describeObject(
          object,
        )} does not route ${host}; it sends to ${[
          ...new Set(rule.destinations.map(each => each.host)),
        ].join(', ')}`,
      };
}

/** Hosts whose requests the object takes. */
function namedHosts(object: KubeObject, domain: string): string[] {
  if (object.kind !== 'VirtualService') {
    return readGatewayApiRoute(object)
      .parents.filter(({ kind }) => kind === 'Service')
      .map(parent => serviceHost(parent, domain));
  }
  const context = { namespace: object.metadata.namespace ?? '', domain };
  return readVirtualService(object).hosts.map(host =>
    resolveHost(host, context),
  );
}
