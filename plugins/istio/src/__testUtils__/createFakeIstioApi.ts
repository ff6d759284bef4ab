import type { IstioApi } from '@istio-backstage/plugin-istio-common';
import {
  allowedAccess,
  componentList,
  paymentsMesh,
  paymentsSignals,
} from './fixtures';
import { paymentsFindings, ruleList } from './findingFixtures';

function notExpected(name: string) {
  return () => Promise.reject(new Error(`The test did not expect ${name}`));
}

/** The answer of a cluster that says nothing of the component. */
const noTrafficRules = {
  entityRef: paymentsMesh.entityRef,
  clusters: paymentsMesh.clusters,
  items: [],
  errors: [],
};

/** An {@link IstioApi} that answers with the fixtures; calls a test does not name are refused. */
export function createFakeIstioApi(
  overrides: Partial<IstioApi> = {},
): jest.Mocked<IstioApi> {
  const api: IstioApi = {
    listClusters: notExpected('listClusters'),
    getComponentMesh: () => Promise.resolve(paymentsMesh),
    getGoldenSignals: () => Promise.resolve(paymentsSignals),
    getEntityAccess: () => Promise.resolve(allowedAccess),
    listComponents: () => Promise.resolve(componentList),
    getSecurity: notExpected('getSecurity'),
    getNamespaceReadiness: notExpected('getNamespaceReadiness'),
    askAuthorization: notExpected('askAuthorization'),
    getFindings: () => Promise.resolve(paymentsFindings),
    listRules: () => Promise.resolve(ruleList),
    getResilience: () => Promise.resolve(noTrafficRules),
    getExposure: () => Promise.resolve(noTrafficRules),
    askRequest: notExpected('askRequest'),
    listFindings: notExpected('listFindings'),
    getPosture: notExpected('getPosture'),
    getObject: notExpected('getObject'),
    previewChange: notExpected('previewChange'),
    submitChange: notExpected('submitChange'),
    previewRevert: notExpected('previewRevert'),
    revertChange: notExpected('revertChange'),
    getChange: notExpected('getChange'),
    listApprovals: () => Promise.resolve({ items: [], waitingForMe: 0 }),
    approveChange: notExpected('approveChange'),
    declineChange: notExpected('declineChange'),
    cancelChange: notExpected('cancelChange'),
    finishChange: notExpected('finishChange'),
    adoptChange: notExpected('adoptChange'),
    reviewChange: notExpected('reviewChange'),
    resolveChange: notExpected('resolveChange'),
    listChanges: () => Promise.resolve({ items: [] }),
    listAuditEntries: notExpected('listAuditEntries'),
    redactAuditEntry: notExpected('redactAuditEntry'),
    getAuditCoverage: notExpected('getAuditCoverage'),
    verifyAuditLog: notExpected('verifyAuditLog'),
    exportAuditLog: notExpected('exportAuditLog'),
    makeEvidencePack: notExpected('makeEvidencePack'),
    subscribe: ({ signal }) =>
      new Promise(resolve =>
        signal.addEventListener('abort', () => resolve(), { once: true }),
      ),
    ...overrides,
  };
  const entries = Object.entries(api).map(([name, call]) => [
    name,
    jest.fn(call),
  ]);
  return Object.fromEntries(entries) as jest.Mocked<IstioApi>;
}
