import { readGateway } from '../../../resources/gateway';
import { describeSelector, isEmptySelector } from '../../../resources/selector';
import { boundWorkloads } from '../../facts/sharedWorkloads';
import { WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';

/** Sources: istio/istio analyzers/gateway/gateway.go, conflictinggateway.go; pilot/pkg/model mergeGateways. */
export const gatewaySelectsNothing: Rule = {
  code: 'ISB0301',
  name: 'gateway-selects-nothing',
  title: 'A Gateway selects no gateway workload',
  severity: 'error',
  explanation:
    'A Gateway configures the proxies whose pods carry the labels of its selector, in any namespace. There are none: it listens nowhere.',
  remedy:
    'Correct the selector, or install a gateway whose pods have the labels.',
  equivalents: ['IST0101', 'KIA0302'],
  subjects: ['Gateway'],
  inputs: [...WORKLOAD_KINDS],
  reach: 'mesh',
  reachOf: { Gateway: 'object' },
  needs: ['workloads'],
  check(subject, { snapshot }) {
    const { selector } = readGateway(subject);
    return isEmptySelector(selector) ||
      boundWorkloads(snapshot, selector).length > 0
      ? []
      : [
          {
            message: `No workload has the labels ${describeSelector(
              selector,
            )}: the Gateway listens nowhere.`,
            path: 'spec.selector',
          },
        ];
  },
};
