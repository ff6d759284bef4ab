import { entryOf } from '../../../resources/fields';
import { isCidr } from '../../../validation/rules/addresses';
import {
  ANNOTATED_KINDS,
  listAnnotations,
} from '../../annotations/annotationPlaces';
import { KNOWN_ANNOTATIONS } from '../../annotations/knownAnnotations';
import type { Rule } from '../../types';

interface ValueRule {
  accepts(value: string): boolean;
  /** What is expected, after "must be". */
  expected: string;
}

const isPort = (text: string) =>
  /^\d+$/.test(text.trim()) && Number(text) <= 65535;
const isList = (accepts: (item: string) => boolean) => (text: string) =>
  text.trim() === '' || text.split(',').every(accepts);

const PORTS: ValueRule = {
  accepts: isList(isPort),
  expected: 'port numbers separated by commas',
};
const SECONDS: ValueRule = {
  accepts: text => /^\d+$/.test(text) && Number(text) <= 4294967295,
  expected: 'a whole number',
};
const QUANTITY: ValueRule = {
  accepts: text =>
    /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+|[KMGTPE]i|[numkMGTPE])?$/.test(
      text,
    ),
  expected: 'a quantity of Kubernetes, such as 100m or 128Mi',
};

/** Source: istio/istio pkg/kube/inject/validate.go AnnotationValidation; proxy.istio.io/config is not read here. */
const VALUE_RULES: Readonly<Record<string, ValueRule>> = {
  'sidecar.istio.io/interceptionMode': {
    accepts: text => ['REDIRECT', 'TPROXY', 'NONE'].includes(text),
    expected: 'REDIRECT, TPROXY or NONE',
  },
  'status.sidecar.istio.io/port': { accepts: isPort, expected: 'a port' },
  'readiness.status.sidecar.istio.io/initialDelaySeconds': SECONDS,
  'readiness.status.sidecar.istio.io/periodSeconds': SECONDS,
  'readiness.status.sidecar.istio.io/failureThreshold': SECONDS,
  'traffic.sidecar.istio.io/includeOutboundIPRanges': {
    accepts: text => text === '*' || isList(isCidr)(text),
    expected: '"*" or address ranges separated by commas, without spaces',
  },
  'traffic.sidecar.istio.io/excludeOutboundIPRanges': {
    accepts: isList(isCidr),
    expected: 'address ranges separated by commas, without spaces',
  },
  'traffic.sidecar.istio.io/includeInboundPorts': {
    accepts: text => text === '*' || PORTS.accepts(text),
    expected: '"*" or port numbers separated by commas',
  },
  'traffic.sidecar.istio.io/excludeInboundPorts': PORTS,
  'traffic.sidecar.istio.io/excludeOutboundPorts': PORTS,
  'prometheus.istio.io/merge-metrics': {
    // As Go's ParseBool.
    accepts: text =>
      /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(text),
    expected: 'true or false',
  },
  'sidecar.istio.io/proxyCPU': QUANTITY,
  'sidecar.istio.io/proxyMemory': QUANTITY,
  'sidecar.istio.io/proxyCPULimit': QUANTITY,
  'sidecar.istio.io/proxyMemoryLimit': QUANTITY,
};

/** Source: istio/istio analyzers/annotations/annotations.go. */
export const invalidAnnotation: Rule = {
  code: 'ISB0817',
  name: 'annotation-invalid-value',
  title: 'An annotation of Istio has a value that Istio refuses',
  severity: 'warning',
  explanation:
    'The injector reads the annotation when it makes the sidecar and refuses the pod when the value is malformed: new pods of the workload are not created.',
  remedy: 'Write a value in the form that the message names.',
  equivalents: ['IST0125'],
  subjects: ANNOTATED_KINDS,
  inputs: [],
  reach: 'object',
  check: subject =>
    listAnnotations(subject).flatMap(({ name, value, on, path }) => {
      const rule = entryOf(VALUE_RULES, name);
      if (
        !rule ||
        rule.accepts(value) ||
        !KNOWN_ANNOTATIONS[name]?.on.includes(on)
      ) {
        return [];
      }
      return [
        {
          message: `${name} must be ${rule.expected}, it is "${value}": the injector refuses such pods.`,
          path,
        },
      ];
    }),
};
