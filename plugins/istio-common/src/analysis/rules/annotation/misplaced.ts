import { fieldsOf, isFields } from '../../../resources/fields';
import type { KubeObject } from '../../../resources/types';
import {
  ANNOTATED_KINDS,
  listAnnotations,
  pointerTo,
  type WrittenAnnotation,
} from '../../annotations/annotationPlaces';
import { KNOWN_ANNOTATIONS } from '../../annotations/knownAnnotations';
import type { FindingFix, Rule } from '../../types';

/** Source: istio/istio analyzers/annotations/annotations.go. */
export const misplacedAnnotation: Rule = {
  code: 'ISB0816',
  name: 'annotation-misplaced',
  title: 'An annotation of Istio stands on the wrong kind of object',
  severity: 'warning',
  explanation:
    'Istio reads each of its annotations on certain kinds only. Those for the sidecar are read on pods: on the Deployment itself, instead of its pod template, they have no effect.',
  remedy:
    'Move it to where Istio reads it: for pods, to spec.template.metadata.annotations of the workload.',
  equivalents: ['IST0107'],
  subjects: ANNOTATED_KINDS,
  inputs: [],
  reach: 'object',
  check: subject =>
    listAnnotations(subject).flatMap(annotation => {
      const known = KNOWN_ANNOTATIONS[annotation.name];
      if (!known || isPlaced(known.on, annotation.on)) return [];
      return [
        {
          message: `${annotation.name} is read on ${known.on.join(
            ', ',
          )} only: on a ${annotation.on} it has no effect.`,
          path: annotation.path,
          ...(known.on.includes('Pod') && proposeTemplate(subject, annotation)),
        },
      ];
    }),
};

function isPlaced(allowed: readonly string[], on: string): boolean {
  return allowed.includes('Any') || allowed.includes(on);
}

function proposeTemplate(
  object: KubeObject,
  { name, value, pointer }: WrittenAnnotation,
): { fix?: FindingFix } {
  const { template } = fieldsOf(object.spec);
  if (!isFields(template)) return {};
  const metadata = '/spec/template/metadata';
  const annotations = fieldsOf(template.metadata).annotations;
  const add = isFields(annotations)
    ? [
        {
          op: 'add' as const,
          path: pointerTo(`${metadata}/annotations`, name),
          value,
        },
      ]
    : [
        isFields(template.metadata)
          ? {
              op: 'add' as const,
              path: `${metadata}/annotations`,
              value: { [name]: value },
            }
          : {
              op: 'add' as const,
              path: metadata,
              value: { annotations: { [name]: value } },
            },
      ];
  return {
    fix: {
      title: `Move ${name} to the pod template`,
      patch: [...add, { op: 'remove', path: pointerTo(pointer, name) }],
    },
  };
}
