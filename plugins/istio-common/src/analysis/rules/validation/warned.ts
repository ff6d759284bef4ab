import {
  WEBHOOK_KINDS,
  validateObject,
} from '../../../validation/validateObject';
import type { Rule } from '../../types';
import { toFinding } from './toFinding';

/** What istiod's validating webhook lets in with a warning. Source: istio/istio analyzers/schema/validation.go. */
export const warned: Rule = {
  code: 'ISB0002',
  name: 'warned-by-webhook',
  title: 'Istio accepts the object with a warning',
  severity: 'warning',
  explanation:
    'The validating webhook of istiod lets the object in, but says that a part of it does not do what it seems to.',
  remedy: 'Change the field as the message says, or remove it.',
  equivalents: ['IST0133'],
  subjects: WEBHOOK_KINDS,
  inputs: [],
  reach: 'object',
  check: subject => validateObject(subject).warnings.map(toFinding),
};
