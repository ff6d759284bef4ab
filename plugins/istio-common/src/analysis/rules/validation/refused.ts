import {
  WEBHOOK_KINDS,
  validateObject,
} from '../../../validation/validateObject';
import type { Rule } from '../../types';
import { toFinding } from './toFinding';

/** What istiod's validating webhook refuses. Source: istio/istio analyzers/schema/validation.go. */
export const refused: Rule = {
  code: 'ISB0001',
  name: 'refused-by-webhook',
  title: 'Istio refuses the object',
  severity: 'error',
  explanation:
    'The validating webhook of istiod does not let the object into the cluster. Where it got in all the same, because no webhook was asked, istiod may ignore it or make configuration of it that proxies reject.',
  remedy: 'Change the field as the message says.',
  equivalents: ['IST0106'],
  subjects: WEBHOOK_KINDS,
  inputs: [],
  reach: 'object',
  check: subject => validateObject(subject).errors.map(toFinding),
};
