import { perLists } from '../../../mesh/route/perLists';
import { readKubernetesGateway } from '../../../resources/gateway';
import type { KubeObject } from '../../../resources/types';
import type { Rule } from '../../types';
import { readNamedWaypoint } from './serviceWaypoint';

/** Kinds that may carry the label. */
const USERS = ['Namespace', 'Service', 'ServiceEntry', 'Pod'] as const;

/** `namespace/name` of every waypoint that a label names. */
const collectUses = perLists(
  lists =>
    new Set(
      (lists as readonly (readonly KubeObject[])[]).flatMap(list =>
        list.flatMap(object => {
          const waypoint = readNamedWaypoint(object);
          return waypoint ? [`${waypoint.namespace}/${waypoint.name}`] : [];
        }),
      ),
    ),
);

export const waypointUnused: Rule = {
  code: 'ISB1109',
  name: 'waypoint-unused',
  title: 'A waypoint that nothing is sent to',
  severity: 'info',
  explanation:
    'A waypoint takes the traffic of what carries its name in the label istio.io/use-waypoint. Nothing does, so its proxies run for nothing and policies attached to it are not in force.',
  remedy: 'Label the namespace or Service, or delete the waypoint.',
  equivalents: [],
  subjects: ['KubernetesGateway'],
  inputs: USERS,
  reach: 'mesh',
  reachOf: { KubernetesGateway: 'object' },
  check(subject, { snapshot }) {
    if (!readKubernetesGateway(subject).waypoint) return [];
    const { namespace = '', name } = subject.metadata;
    const uses = collectUses(USERS.map(kind => snapshot.list(kind)));
    return uses.has(`${namespace}/${name}`)
      ? []
      : [
          {
            message: `No namespace, Service or pod has the label istio.io/use-waypoint=${name} for it.`,
            path: '',
          },
        ];
  },
};
