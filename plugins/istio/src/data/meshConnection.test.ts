import type { MeshEvent } from '@istio-backstage/plugin-istio-common';
import { createFakeIstioApi } from '../__testUtils__/createFakeIstioApi';
import { meshConnectionOf } from './meshConnection';
import { istioQueryKeys } from './queryKeys';

function connect() {
  let send: (event: MeshEvent) => void = () => {};
  let open = 0;
  const api = createFakeIstioApi({
    subscribe: ({ onEvent, signal }) => {
      send = onEvent;
      open += 1;
      return new Promise(resolve =>
        signal.addEventListener('abort', () => {
          open -= 1;
          resolve();
        }),
      );
    },
  });
  const connection = meshConnectionOf(api);
  const { queryClient } = connection;
  const keys = {
    payments: istioQueryKeys.mesh('component:default/payments', '5m'),
    reviews: istioQueryKeys.mesh('component:default/reviews', '5m'),
    list: istioQueryKeys.components({ search: 'pay' }),
    change: istioQueryKeys.change('01J2'),
  };
  Object.values(keys).forEach(key => queryClient.setQueryData(key, 'known'));
  const old = () =>
    Object.entries(keys)
      .filter(([, key]) => queryClient.getQueryState(key)?.isInvalidated)
      .map(([name]) => name);
  return {
    api,
    connection,
    old,
    send: (...entityRefs: string[]) => send({ entityRefs }),
    open: () => open,
    forget: () =>
      Object.values(keys).forEach(key =>
        queryClient.setQueryData(key, 'known again'),
      ),
  };
}

describe('meshConnection', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('is one stream for any number of surfaces, closed with the last', () => {
    const { connection, api, open } = connect();
    const stop = [connection.listen(), connection.listen()];
    expect(api.subscribe).toHaveBeenCalledTimes(1);
    stop[0]();
    expect(open()).toBe(1);
    stop[1]();
    expect(open()).toBe(0);
    connection.listen();
    expect(open()).toBe(1);
  });

  it('makes old what an event names, and the lists', async () => {
    const { connection, send, old } = connect();
    connection.listen();
    send('component:default/payments');
    await jest.advanceTimersByTimeAsync(400);
    expect(old()).toEqual(['payments', 'list', 'change']);
  });

  it('makes everything old when anything may have changed', async () => {
    const { connection, send, old } = connect();
    connection.listen();
    send('*');
    await jest.advanceTimersByTimeAsync(400);
    expect(old()).toEqual(['payments', 'reviews', 'list', 'change']);
  });

  it('spares the lists in a busy mesh', async () => {
    const { connection, send, old, forget } = connect();
    connection.listen();
    send('component:default/payments');
    await jest.advanceTimersByTimeAsync(400);
    forget();
    send('component:default/reviews');
    await jest.advanceTimersByTimeAsync(400);
    expect(old()).toEqual(['reviews']);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(old()).toEqual(['reviews', 'list', 'change']);
  });

  it('does nothing for an event that names nobody', async () => {
    const { connection, send, old } = connect();
    connection.listen();
    send();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(old()).toEqual([]);
  });
});
