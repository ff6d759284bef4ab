import {
  ANNOTATED_KINDS,
  listAnnotations,
} from '../../annotations/annotationPlaces';
import { KNOWN_ANNOTATIONS } from '../../annotations/knownAnnotations';
import type { Rule } from '../../types';

/** Source: istio/istio analyzers/annotations/annotations.go. */
export const unknownAnnotation: Rule = {
  code: 'ISB0815',
  name: 'annotation-unknown',
  title: 'An annotation of Istio is none that Istio knows',
  severity: 'warning',
  explanation:
    'The name belongs to istio.io, but Istio 1.31 reads no such annotation: it is misspelled, or of another release. It has no effect.',
  remedy: 'Correct the name, or remove the annotation.',
  equivalents: ['IST0108'],
  subjects: ANNOTATED_KINDS,
  inputs: [],
  reach: 'object',
  check: subject =>
    listAnnotations(subject)
      .filter(({ name }) => !KNOWN_ANNOTATIONS[name])
      .map(({ name, path }) => ({
        message: `Istio knows no annotation ${name}: it has no effect.`,
        path,
      })),
};
