import { readVirtualService } from '../../../resources/virtualService';
import { resolveHost } from '../../../resources/host';
import type { Rule } from '../../types';

/** The same cluster twice in one split. Source: Kiali's check of that name; Envoy adds the weights up. */
export const repeatedDestination: Rule = {
  code: 'ISB0117',
  name: 'virtual-service-repeated-destination',
  title: 'A split names the same destination twice',
  severity: 'warning',
  explanation:
    'Both entries send to the same host, subset and port, so their weights add up. Most often one of them was meant for another version.',
  remedy: 'Correct the subset of one of them, or put them together.',
  equivalents: ['KIA1105'],
  subjects: ['VirtualService'],
  inputs: [],
  reach: 'object',
  check(subject, { snapshot }) {
    const namespace = subject.metadata.namespace ?? '';
    return readVirtualService(subject).rules.flatMap(
      ({ destinations, fieldPath }) => {
        const first = new Map<string, number>();
        return destinations.flatMap(({ host, subset, port }, index) => {
          const full = resolveHost(host, {
            namespace,
            domain: snapshot.domain,
          });
          const key = [full, subset ?? '', port ?? ''].join('|');
          const twin = first.get(key);
          if (twin === undefined) {
            first.set(key, index);
            return [];
          }
          return [
            {
              message: `Sends to the same place as ${fieldPath}.route[${twin}]: ${full}${
                subset ? `, subset ${subset}` : ''
              }.`,
              path: `spec.${fieldPath}.route[${index}].destination`,
            },
          ];
        });
      },
    );
  },
};
