import {
  fieldsListOf,
  fieldsOf,
  numberOf,
  textOf,
  type Fields,
} from '../../../resources/fields';
import { PROXY_CONTAINER } from '../../../resources/pod';
import { readService } from '../../../resources/service';
import { isEmptySelector } from '../../../resources/selector';
import type { KubeObject } from '../../../resources/types';
import { WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';

/** Declared ports of the application's containers; undefined where no container is known. */
interface Declared {
  names: ReadonlySet<string>;
  numbers: ReadonlySet<number>;
}

/** A Service sends to a port that its pods do not have. */
export const targetPortUnserved: Rule = {
  code: 'ISB0804',
  name: 'service-target-port-unserved',
  title: 'A Service sends to a container port that its pods do not declare',
  severity: 'error',
  explanation:
    'A target port by name is looked up in the containers; where no container has it, Kubernetes gives the Service no endpoint for that port and requests are answered with 503. A number needs no declaration, but one that is missing beside others is often a slip.',
  remedy: 'Write the name or number of a port that a container declares.',
  equivalents: ['KIA0701'],
  subjects: ['Service'],
  inputs: WORKLOAD_KINDS,
  reach: 'namespace',
  reachOf: { Service: 'object' },
  check(subject, { snapshot }) {
    const { selector, namespace } = readService(subject);
    if (isEmptySelector(selector)) return [];
    const workloads = snapshot
      .workloadsMatching(namespace, selector)
      .flatMap(key => snapshot.workload(key) ?? []);
    const declared = workloads.map(readDeclared);
    if (declared.length === 0 || declared.includes(undefined)) return [];
    const names = workloads.map(({ metadata }) => metadata.name).sort();
    return fieldsListOf(fieldsOf(subject.spec).ports).flatMap((port, index) => {
      const said = judge(port, declared as Declared[]);
      return said
        ? [
            {
              ...said,
              message: `${said.message} of ${names.slice(0, 3).join(', ')}.`,
              path: `spec.ports[${index}].targetPort`,
            },
          ]
        : [];
    });
  },
};

function judge(
  port: Fields,
  declared: readonly Declared[],
): { message: string; severity?: 'info' } | undefined {
  const target = numberOf(port.targetPort) ?? textOf(port.targetPort);
  if (typeof target === 'string') {
    return declared.some(({ names }) => names.has(target))
      ? undefined
      : {
          message: `Port ${port.port} has no endpoint: no container port is named ${target} in pods`,
        };
  }
  const number = target ?? numberOf(port.port);
  // A pod that declares no port may well listen: only one that declares others tells anything.
  return number === undefined ||
    declared.some(({ numbers }) => numbers.size === 0 || numbers.has(number))
    ? undefined
    : {
        message: `Port ${port.port} leads to ${number}, which no container declares in pods`,
        severity: 'info',
      };
}

function readDeclared(workload: KubeObject): Declared | undefined {
  const spec = fieldsOf(workload.spec);
  const pod = fieldsOf(
    workload.kind === 'Pod' ? spec : fieldsOf(spec.template).spec,
  );
  const containers = [
    ...fieldsListOf(pod.containers),
    ...fieldsListOf(pod.initContainers).filter(
      ({ restartPolicy }) => restartPolicy === 'Always',
    ),
  ].filter(({ name }) => name !== PROXY_CONTAINER);
  if (containers.length === 0) return undefined;
  const ports = containers.flatMap(({ ports: list }) => fieldsListOf(list));
  return {
    names: new Set(ports.flatMap(({ name }) => textOf(name) ?? [])),
    numbers: new Set(
      ports.flatMap(({ containerPort }) => numberOf(containerPort) ?? []),
    ),
  };
}
