import { EntityMatch } from '../../entity/types';
import { RouteAnswer, RouteRequest } from './types';

/**
 * Whether a question is about the component: its caller is one of its workloads, the host is a name of one
 * of its Services, or the request ends at one of them. Other questions are about others' routes.
 */
export function isAboutComponent(options: {
  match: EntityMatch;
  cluster: string;
  request: RouteRequest;
  answer: RouteAnswer;
}): boolean {
  const { match, cluster, request, answer } = options;
  const { from } = request;
  const workloads = match.workloads.filter(each => each.cluster === cluster);
  const services = match.services.filter(each => each.cluster === cluster);
  const isOwn =
    from.kind === 'workload' &&
    workloads.some(
      ({ namespace, name }) =>
        namespace === from.namespace && name === from.name,
    );
  const hosts = services.map(({ host }) => host);
  const reached = [
    ...answer.destinations,
    ...(answer.mirrors ?? (answer.mirror ? [answer.mirror] : [])),
  ];
  return (
    isOwn ||
    reached.some(({ host }) => hosts.includes(host)) ||
    services.some(({ host, namespace }) =>
      namesOf(host, namespace, from.namespace).includes(
        request.host.toLowerCase().replace(/\.$/, ''),
      ),
    )
  );
}

/** `reviews.catalog.svc.cluster.local` and what it is short for; the bare name in its own namespace only. */
function namesOf(host: string, namespace: string, from: string): string[] {
  const [name] = host.split('.');
  const own = from === namespace ? [name] : [];
  return [host, ...own, `${name}.${namespace}`, `${name}.${namespace}.svc`];
}
