import type { DecidedBy } from '@istio-backstage/plugin-istio-common';

/** What decided a value, short enough for the line below a field. */
export function presentDecider(decidedBy: DecidedBy): string {
  switch (decidedBy.by) {
    case 'object': {
      const { kind, namespace, name } = decidedBy.object;
      return `${kind} ${namespace}/${name}`;
    }
    case 'meshConfig':
      return 'mesh setting';
    case 'istioDefault':
      return 'Istio’s default';
    default:
      return 'nothing sets it';
  }
}
