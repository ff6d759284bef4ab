import type {
  ServiceMatch,
  TrafficRoute,
} from '@istio-backstage/plugin-istio-common';
import { ObjectLink, Tag, presentRefName } from '../../components';
import dialog from '../changes/dialog/dialog.module.css';
import { resolveRouteService } from './routeTarget';

/** Port a route is for: its own, else the one all its destinations name, else the only one of the Service. */
function resolvePort(
  route: TrafficRoute,
  services: ServiceMatch[] = [],
): number | undefined {
  if (route.ports.length === 1) return route.ports[0];
  if (route.ports.length > 1) return undefined;
  const named = new Set(route.destinations.map(({ port }) => port));
  const [first] = named;
  if (named.size === 1 && first !== undefined) return first;
  const target = resolveRouteService(route, services);
  const ports = new Set(
    services
      .filter(
        service =>
          service.name === target?.service &&
          service.namespace === target?.namespace,
      )
      .flatMap(service => service.ports.map(({ port }) => port)),
  );
  return ports.size === 1 ? [...ports][0] : undefined;
}

/** Beside the dialog's title: the component with its port, the object that is edited, the clusters. */
export function RouteFacts(props: {
  entityRef: string;
  route?: TrafficRoute;
  services?: ServiceMatch[];
  clusters: string[];
}) {
  const { entityRef, route, services, clusters } = props;
  const port = route && resolvePort(route, services);
  return (
    <>
      <span className={dialog.subject}>
        {presentRefName(entityRef)}
        {port !== undefined && `, port ${port}`}
      </span>
      {route && (
        <span>
          {route.object ? (
            <>
              <ObjectLink
                object={route.object}
                fieldPath={route.fieldPath}
                showPath={false}
              />{' '}
              {route.fieldPath}
            </>
          ) : (
            'No route object yet, it will be created'
          )}
        </span>
      )}
      {clusters.map(cluster => (
        <Tag key={cluster}>{cluster}</Tag>
      ))}
    </>
  );
}
