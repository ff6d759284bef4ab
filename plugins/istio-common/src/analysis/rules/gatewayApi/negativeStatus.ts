import {
  fieldsListOf,
  fieldsOf,
  numberOf,
  textOf,
  type Fields,
} from '../../../resources/fields';
import type { KindName } from '../../../resources/kinds';
import { kindNameOf } from '../../../resources/kinds';
import type { KubeObject } from '../../../resources/types';
import type { Rule } from '../../types';

const WAYPOINT = ['istio.io/WaypointBound'];
const GATEWAY_API = ['Accepted', 'Programmed', 'ResolvedRefs'];

/** Conditions that say by `False` that something is wrong. Source: istio/istio analyzers/conditions/conditions.go. */
const CONDITIONS: Readonly<Partial<Record<KindName, readonly string[]>>> = {
  Service: WAYPOINT,
  ServiceEntry: WAYPOINT,
  WorkloadEntry: WAYPOINT,
  AuthorizationPolicy: ['ZtunnelAccepted', 'WaypointAccepted'],
  KubernetesGateway: GATEWAY_API,
  HTTPRoute: GATEWAY_API,
  GRPCRoute: GATEWAY_API,
  TCPRoute: GATEWAY_API,
  TLSRoute: GATEWAY_API,
};

/** What a controller said of an object; a status of an older generation says nothing about this one. */
export const negativeStatus: Rule = {
  code: 'ISB0901',
  name: 'negative-status-condition',
  title: 'The control plane says in the status that it did not take an object',
  severity: 'warning',
  explanation:
    'Istio, or the controller of the Gateway, has read this version of the object and does not do all of what it says. The reason and message are its own words.',
  remedy:
    'Follow the message. Other findings on the same object often say more about the cause.',
  equivalents: ['IST0171'],
  subjects: Object.keys(CONDITIONS) as KindName[],
  inputs: [],
  reach: 'object',
  check(subject) {
    const kind = kindNameOf(subject);
    const types = (kind && CONDITIONS[kind]) ?? [];
    return listConditions(subject).flatMap(({ condition, path, of }) => {
      const type = textOf(condition.type) ?? '';
      const seen = numberOf(condition.observedGeneration);
      const { generation } = subject.metadata;
      if (
        !isNegative(condition, types) ||
        (seen !== undefined && generation !== undefined && seen < generation)
      ) {
        return [];
      }
      return [
        {
          message: `${of}${type} is ${condition.status} (${
            textOf(condition.reason) ?? 'no reason'
          }): ${textOf(condition.message) ?? 'no message'}`,
          path,
        },
      ];
    });
  },
};

function isNegative(condition: Fields, types: readonly string[]): boolean {
  const type = textOf(condition.type) ?? '';
  return (
    (types.includes(type) && condition.status === 'False') ||
    (type === 'Conflicted' && condition.status === 'True') ||
    (type === 'WaypointAccepted' && condition.reason === 'PartiallyInvalid')
  );
}

function listConditions(
  object: KubeObject,
): { condition: Fields; path: string; of: string }[] {
  const status = fieldsOf(object.status);
  const at = (list: unknown, path: string, of = '') =>
    fieldsListOf(list).map((condition, index) => ({
      condition,
      path: `${path}.conditions[${index}]`,
      of,
    }));
  return [
    ...at(status.conditions, 'status'),
    ...fieldsListOf(status.parents).flatMap((parent, index) =>
      at(
        parent.conditions,
        `status.parents[${index}]`,
        `For parent ${textOf(fieldsOf(parent.parentRef).name) ?? index} `,
      ),
    ),
    ...fieldsListOf(status.listeners).flatMap((listener, index) =>
      at(
        listener.conditions,
        `status.listeners[${index}]`,
        `For listener ${textOf(listener.name) ?? index} `,
      ),
    ),
  ];
}
