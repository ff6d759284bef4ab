import {
  fieldsListOf,
  fieldsOf,
  numberOf,
  textOf,
  type Fields,
} from '../../../resources/fields';
import { areDistinct } from '../../../mesh/route/kubernetesListeners';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/config/kube/gatewaycommon listener_conflict.go (1.31). */
export const listenerConflict: Rule = {
  code: 'ISB0910',
  name: 'gateway-listener-conflict',
  title: 'Two listeners of a Gateway cannot be served together',
  severity: 'error',
  explanation:
    'On one port HTTP, HTTPS and TLS listeners are told apart by hostname only, and TCP shares its port with nobody. The later listener is not served, and routes on it are in force nowhere.',
  remedy: 'Give the listeners different ports or hostnames.',
  equivalents: ['KIA1503'],
  subjects: ['KubernetesGateway'],
  inputs: [],
  reach: 'object',
  check(subject) {
    const accepted: Fields[] = [];
    return fieldsListOf(fieldsOf(subject.spec).listeners).flatMap(
      (listener, index) => {
        const rival = accepted.find(other => !areDistinct(other, listener));
        if (!rival) {
          accepted.push(listener);
          return [];
        }
        return [
          {
            message: `Listener ${
              textOf(listener.name) ?? index
            } is not served: ${textOf(rival.name) ?? 'an earlier one'} is ${
              textOf(rival.protocol) ?? 'unknown'
            } for ${
              textOf(rival.hostname) ?? 'every hostname'
            } on port ${numberOf(rival.port)} too.`,
            path: `spec.listeners[${index}]`,
          },
        ];
      },
    );
  },
};
