import type {
  ComponentFindings,
  FindingList,
  RuleList,
  SharedFinding,
} from '@istio-backstage/plugin-istio-common';
import { clusters, staleCluster } from './clusterFixtures';

const unreached: SharedFinding = {
  code: 'ISB0110',
  severity: 'warning',
  message: 'Rule beta-users is never reached: rule 2 takes every request.',
  object: {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    namespace: 'payments',
    name: 'payments',
  },
  path: 'spec.http[1]',
  equivalents: ['IST0130', 'KIA1106'],
  fix: {
    title: 'Remove the rule that nothing reaches',
    patch: [{ op: 'remove', path: '/spec/http/1' }],
  },
  clusters: ['prod-eu', 'prod-us'],
};

const unknownSubset: SharedFinding = {
  code: 'ISB0204',
  severity: 'error',
  message: 'No pod carries version=v4, which subset v4 asks for.',
  object: {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    namespace: 'payments',
    name: 'payments',
  },
  path: 'spec.subsets[3]',
  equivalents: [],
  clusters: ['prod-eu'],
};

/** Two findings, one in both clusters; one rule that could not be asked. */
export const paymentsFindings: ComponentFindings = {
  entityRef: 'component:default/payments',
  findings: [unknownSubset, unreached],
  rules: 92,
  skipped: [
    {
      cluster: 'prod-us',
      code: 'ISB0101',
      name: 'virtual-service-unknown-gateway',
      reason: 'Gateway could not be read: forbidden',
    },
  ],
  clusters,
  errors: [],
};

/** The findings of the mesh page. */
export const findingList: FindingList = {
  items: [
    {
      ...unknownSubset,
      entityRefs: ['component:default/payments'],
      ownerRefs: ['group:default/payments-team'],
    },
    {
      ...unreached,
      entityRefs: ['component:default/payments'],
      ownerRefs: ['group:default/payments-team'],
    },
  ],
  all: 2,
  total: 2,
  counts: { error: 1, warning: 1, info: 0 },
  facets: {
    owners: ['group:default/payments-team'],
    kinds: ['DestinationRule', 'VirtualService'],
    namespaces: ['payments'],
    clusters: ['prod-eu', 'prod-us'],
    codes: ['ISB0110', 'ISB0204'],
  },
  rules: 92,
  skipped: [],
  clusters: [...clusters, staleCluster],
  errors: [],
};

/** Texts of the rules that the fixtures name. */
export const ruleList: RuleList = {
  items: [
    {
      code: 'ISB0110',
      name: 'virtual-service-unreachable-rule',
      title: 'A rule that no request reaches',
      severity: 'warning',
      explanation: 'Istio takes the first rule that matches.',
      remedy: 'Move the narrower rule up, or remove it.',
      equivalents: ['IST0130', 'KIA1106'],
    },
  ],
};
