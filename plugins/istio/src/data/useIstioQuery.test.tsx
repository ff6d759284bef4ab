import type { ReactNode } from 'react';
import { MemoryRouter } from 'react-router-dom';
import { renderHook, waitFor } from '@testing-library/react';
import { TestApiProvider } from '@backstage/test-utils';
import { istioApiRef } from '../api';
import { createFakeIstioApi } from '../__testUtils__/createFakeIstioApi';
import { allowedAccess, paymentsMesh } from '../__testUtils__/fixtures';
import { IstioSurface, useComponentMesh } from './index';
import { useEntityAccess } from './useIstioQuery';

const meshOf = (entityRef: string) => ({ ...paymentsMesh, entityRef });

/** Answers at once for the window `5m`, never for another. */
function renderMesh(initialProps: { entityRef: string; window: string }) {
  const api = createFakeIstioApi({
    getComponentMesh: (entityRef, { window } = {}) =>
      window === '5m' && entityRef.endsWith('payments')
        ? Promise.resolve(meshOf(entityRef))
        : new Promise(() => {}),
  });
  return renderHook(
    ({ entityRef, window }) => useComponentMesh(entityRef, { window }),
    {
      initialProps,
      wrapper: ({ children }: { children: ReactNode }) => (
        <TestApiProvider apis={[[istioApiRef, api]]}>
          <MemoryRouter>
            <IstioSurface>{children}</IstioSurface>
          </MemoryRouter>
        </TestApiProvider>
      ),
    },
  );
}

describe('useComponentMesh', () => {
  it('keeps the values of a component while another window is read', async () => {
    const { result, rerender } = renderMesh({
      entityRef: 'component:default/payments',
      window: '5m',
    });
    await waitFor(() => expect(result.current.data).toBeDefined());
    rerender({ entityRef: 'component:default/payments', window: '1h' });
    expect(result.current.isPlaceholderData).toBe(true);
    expect(result.current.data?.entityRef).toBe('component:default/payments');
  });

  it('never shows the values of one component as those of another', async () => {
    const { result, rerender } = renderMesh({
      entityRef: 'component:default/payments',
      window: '5m',
    });
    await waitFor(() => expect(result.current.data).toBeDefined());
    rerender({ entityRef: 'component:default/reviews', window: '5m' });
    expect(result.current.data).toBeUndefined();
  });
});

describe('useEntityAccess', () => {
  afterEach(() => jest.useRealTimers());

  it('asks again after a refusal: the cluster may only not have answered', async () => {
    jest.useFakeTimers();
    const reason = 'prod-eu did not answer whether you may change it';
    const answers = [
      { ...allowedAccess, change: { allowed: false, reason, clusters: [] } },
      allowedAccess,
    ];
    const api = createFakeIstioApi({
      getEntityAccess: () =>
        Promise.resolve(answers.length > 1 ? answers.shift()! : answers[0]),
    });
    const { result } = renderHook(
      () => useEntityAccess('component:default/payments'),
      {
        wrapper: ({ children }: { children: ReactNode }) => (
          <TestApiProvider apis={[[istioApiRef, api]]}>
            <MemoryRouter>
              <IstioSurface>{children}</IstioSurface>
            </MemoryRouter>
          </TestApiProvider>
        ),
      },
    );
    await waitFor(() =>
      expect(result.current.data?.change.reason).toBe(reason),
    );
    await waitFor(
      () => expect(result.current.data?.change.allowed).toBe(true),
      { timeout: 20_000 },
    );
  });
});
