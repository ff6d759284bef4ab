import type { KindName } from '../../../resources/kinds';
import { validateObject } from '../../../validation/validateObject';
import type { Rule } from '../../types';
import { toFinding } from './toFinding';

const SUBJECTS: readonly KindName[] = [
  'HTTPRoute',
  'GRPCRoute',
  'TCPRoute',
  'TLSRoute',
  'KubernetesGateway',
  'ReferenceGrant',
];

/** What the CRDs of Gateway API 1.6 refuse, by their schema and their CEL rules. */
export const refusedBySchema: Rule = {
  code: 'ISB0003',
  name: 'refused-by-schema',
  title: 'The API server refuses the object',
  severity: 'error',
  explanation:
    'The definition of its kind does not allow the object: a field is missing, has a value that it may not have, or two fields contradict each other. Nothing of it gets into a cluster. One that is there already was stored under an older definition, and cannot be changed before this is mended.',
  remedy: 'Change the field as the message says.',
  equivalents: [],
  subjects: SUBJECTS,
  inputs: [],
  reach: 'object',
  check: subject => validateObject(subject).errors.map(toFinding),
};
