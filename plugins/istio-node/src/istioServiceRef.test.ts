import http from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  ServiceFactoryTester,
} from '@backstage/backend-test-utils';
import { istioServiceRef } from './istioServiceRef';
import { istioServiceMock } from './testUtils';

describe('istioServiceRef', () => {
  let server: http.Server;
  let url: string;
  const seen: { url?: string; authorization?: string }[] = [];

  beforeEach(async () => {
    seen.length = 0;
    server = http.createServer((req, res) => {
      seen.push({ url: req.url, authorization: req.headers.authorization });
      res.setHeader('Content-Type', 'application/json');
      res.end(JSON.stringify({ items: [] }));
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise(resolve => {
      server.close(resolve);
    });
  });

  it('asks the plugin on behalf of whoever asked', async () => {
    const discovery = createServiceFactory({
      service: coreServices.discovery,
      deps: {},
      factory: () =>
        mockServices.discovery.mock({
          getBaseUrl: async pluginId => `${url}/api/${pluginId}`,
        }),
    });
    const credentials = mockCredentials.user('user:default/mira.kovac');
    const service = await ServiceFactoryTester.from(discovery).getService(
      istioServiceRef,
    );
    expect(await service.as(credentials).listClusters()).toEqual({ items: [] });
    expect(seen[0].url).toBe('/api/istio/v1/clusters');
    expect(seen[0].authorization).toBe(
      mockCredentials.service.header({
        onBehalfOf: credentials,
        targetPluginId: 'istio',
      }),
    );
  });
});

describe('istioServiceMock', () => {
  it('answers with what it was given and throws for the rest', async () => {
    const service = await ServiceFactoryTester.from(
      istioServiceMock({ listClusters: async () => ({ items: [] }) }),
    ).getSubject();
    const api = service.as(mockCredentials.none());
    expect(await api.listClusters()).toEqual({ items: [] });
    expect(() => api.getComponentMesh('component:default/x')).toThrow(
      "istioServiceMock has no 'getComponentMesh'",
    );
  });
});
