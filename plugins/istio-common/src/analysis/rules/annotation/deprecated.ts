import { isFields, fieldsOf } from '../../../resources/fields';
import type { KubeObject } from '../../../resources/types';
import {
  ANNOTATED_KINDS,
  listAnnotations,
  pointerTo,
  type WrittenAnnotation,
} from '../../annotations/annotationPlaces';
import { KNOWN_ANNOTATIONS } from '../../annotations/knownAnnotations';
import type { FindingFix, Rule } from '../../types';

const INJECT = 'sidecar.istio.io/inject';

/** Source: istio/istio analyzers/annotations/annotations.go. */
export const deprecatedAnnotation: Rule = {
  code: 'ISB0818',
  name: 'annotation-deprecated',
  title: 'An annotation of Istio is deprecated',
  severity: 'info',
  explanation:
    'It still works in Istio 1.31 and may stop working in a later release. The annotation sidecar.istio.io/inject can refuse a sidecar, but cannot ask for one where no label calls the injector.',
  remedy:
    'Use what has replaced it: the label sidecar.istio.io/inject on the pods, the Telemetry API for statistics, ProxyConfig for the proxy.',
  equivalents: ['IST0135'],
  subjects: ANNOTATED_KINDS,
  inputs: [],
  reach: 'object',
  check: subject =>
    listAnnotations(subject)
      .filter(({ name, labels }) => {
        const isReplaced = name === INJECT && labels[INJECT] !== undefined;
        return KNOWN_ANNOTATIONS[name]?.deprecated && !isReplaced;
      })
      .map(annotation => ({
        message: `${annotation.name} is deprecated${
          annotation.name === INJECT
            ? ': the label of the same name is read'
            : ''
        }.`,
        path: annotation.path,
        ...(annotation.name === INJECT && proposeLabel(subject, annotation)),
      })),
};

/** Only on a template: labels of a running pod do not call the injector any more. */
function proposeLabel(
  object: KubeObject,
  { value, path, pointer }: WrittenAnnotation,
): { fix?: FindingFix } {
  const { template } = fieldsOf(object.spec);
  if (path === 'metadata.annotations' || !['true', 'false'].includes(value)) {
    return {};
  }
  const labels = '/spec/template/metadata/labels';
  const has = isFields(fieldsOf(fieldsOf(template).metadata).labels);
  return {
    fix: {
      title: `Write ${INJECT} as a label`,
      patch: [
        has
          ? { op: 'add', path: pointerTo(labels, INJECT), value }
          : { op: 'add', path: labels, value: { [INJECT]: value } },
        { op: 'remove', path: pointerTo(pointer, INJECT) },
      ],
    },
  };
}
