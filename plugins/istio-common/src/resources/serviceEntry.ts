import {
  fieldsListOf,
  fieldsOf,
  labelsOf,
  numberOf,
  textOf,
  textsOf,
} from './fields';
import { memoizeByIdentity } from './memoize';
import { resolveProtocol } from './service';
import { KubeObject } from './types';

/** The fields of a ServiceEntry. */
export interface ServiceEntryView {
  hosts: string[];
  external: boolean;
  exportTo: string[];
  ports: { port: number; name?: string; protocol: string }[];
  /** Pods it selects; undefined when it lists endpoints or resolves by DNS. */
  workloadSelector?: Record<string, string>;
}

/** The fields of a ServiceEntry; hosts in lower case. */
export const readServiceEntry = memoizeByIdentity(
  (object: KubeObject): ServiceEntryView => {
    const spec = fieldsOf(object.spec);
    const view: ServiceEntryView = {
      hosts: textsOf(spec.hosts).map(host => host.toLowerCase()),
      // MESH_EXTERNAL is the zero value of Istio's enum.
      external: spec.location !== 'MESH_INTERNAL',
      exportTo: textsOf(spec.exportTo),
      ports: fieldsListOf(spec.ports).flatMap(port => {
        const number = numberOf(port.number);
        if (number === undefined) {
          return [];
        }
        const name = textOf(port.name);
        const protocol = resolveProtocol({
          port: number,
          name: textOf(port.protocol) ?? name,
        });
        return [
          name ? { port: number, name, protocol } : { port: number, protocol },
        ];
      }),
    };
    const selector = labelsOf(fieldsOf(spec.workloadSelector).labels);
    return Object.keys(selector).length > 0
      ? { ...view, workloadSelector: selector }
      : view;
  },
);
