import type { KubeObject } from '../types';
import type { ResourceType } from '../resources/resourceType';
import { badRequest } from '../requests/ApiError';
import { readPath } from './readPath';

export type ObjectFilter = (object: KubeObject) => boolean;

type LabelTest = (labels: Record<string, string>) => boolean;

const KEY = '[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?';
const SET = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const EQUALITY = new RegExp(
  `^(${KEY})\\s*(=|==|!=)\\s*([A-Za-z0-9][-A-Za-z0-9_.]*)?$`,
);
const ORDER = new RegExp(`^(${KEY})\\s*([<>])\\s*(-?\\d+)$`);
const PRESENCE = new RegExp(`^(!?)\\s*(${KEY})$`);

function parseLabelTest(part: string): LabelTest {
  const set = SET.exec(part);
  if (set) {
    const [, key, operator, list] = set;
    const values = list.split(',').map(value => value.trim());
    return operator === 'in'
      ? labels => values.includes(labels[key])
      : labels => !(key in labels && values.includes(labels[key]));
  }
  const equality = EQUALITY.exec(part);
  if (equality) {
    const [, key, operator, value = ''] = equality;
    return operator === '!='
      ? labels => labels[key] !== value
      : labels => labels[key] === value;
  }
  const order = ORDER.exec(part);
  if (order) {
    const [, key, operator, value] = order;
    return labels =>
      /^-?\d+$/.test(labels[key] ?? '') &&
      (operator === '>'
        ? Number(labels[key]) > Number(value)
        : Number(labels[key]) < Number(value));
  }
  const presence = PRESENCE.exec(part);
  if (presence) {
    return labels => presence[2] in labels === (presence[1] === '');
  }
  throw badRequest(
    `unable to parse requirement: ${part} is not a label selector requirement`,
  );
}

/** @throws ApiError 400 for text that is not a label selector. */
function parseLabelSelector(text: string): ObjectFilter | undefined {
  // Commas inside parentheses separate values, the others separate requirements.
  const parts = text
    .split(/,(?![^(]*\))/)
    .map(part => part.trim())
    .filter(Boolean);
  if (parts.length === 0) {
    return undefined;
  }
  const tests = parts.map(parseLabelTest);
  return object => tests.every(test => test(object.metadata.labels ?? {}));
}

/** Fields besides name and namespace that a resource may be selected by, as in Kubernetes. */
const FIELDS: Record<string, string[]> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  secrets: ['type'],
  namespaces: ['status.phase'],
  nodes: ['spec.unschedulable'],
  services: ['spec.clusterIP', 'spec.type'],
  'replicasets.apps': ['status.replicas'],
  'jobs.batch': ['status.successful'],
};

/** @throws ApiError 400 for a field the resource cannot be selected by. */
function parseFieldSelector(
  text: string,
  type: ResourceType,
): ObjectFilter | undefined {
  const parts = text.split(',').filter(Boolean);
  if (parts.length === 0) {
    return undefined;
  }
  const allowed = [
    'metadata.name',
    ...(type.namespaced ? ['metadata.namespace'] : []),
    ...(FIELDS[type.id] ?? []),
  ];
  const tests = parts.map(part => {
    const match = /^([^=!]+?)\s*(==|=|!=)\s*(.*)$/.exec(part.trim());
    if (!match) {
      throw badRequest(
        `invalid selector: '${text}'; can't understand '${part}'`,
      );
    }
    const [, field, operator, value] = match;
    if (!allowed.includes(field)) {
      throw badRequest(`field label not supported: ${field}`);
    }
    return (object: KubeObject) =>
      (String(readPath(object, field.split('.')) ?? '') === value) ===
      (operator !== '!=');
  });
  return object => tests.every(test => test(object));
}

/** Both selectors of a query; undefined when every object passes. */
export function parseSelectors(
  query: URLSearchParams,
  type: ResourceType,
): ObjectFilter | undefined {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  const fields = parseFieldSelector(query.get('fieldSelector') ?? '', type);
  if (labels && fields) {
    return object => labels(object) && fields(object);
  }
  return labels ?? fields;
}
