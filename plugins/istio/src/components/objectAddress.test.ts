import { readObject, withObject, withoutObject } from './objectAddress';

const route = {
  cluster: 'arn:aws:eks:eu-1:1:cluster/a,b',
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  namespace: 'catalog',
  name: 'reviews',
};
const namespace = {
  cluster: 'prod-eu',
  apiVersion: 'v1',
  kind: 'Namespace',
  name: 'catalog',
};

describe('the address of an object', () => {
  it.each([
    { object: route, fieldPath: 'spec.http[0].route[1]' },
    { object: route, fieldPath: '' },
    { object: namespace, fieldPath: 'metadata.labels["a.b/c"]' },
  ])('is read as it was written', address => {
    expect(readObject(withObject('?window=1h', address))).toEqual(address);
  });

  it('leaves the rest of the URL alone, and takes only itself away', () => {
    const open = withObject('?window=1h', {
      object: route,
      fieldPath: 'spec',
    });
    expect(open).toContain('window=1h');
    expect(withoutObject(open)).toBe('?window=1h');
    expect(
      withoutObject(withObject('', { object: route, fieldPath: '' })),
    ).toBe('');
  });

  it('replaces one object by another, with its field', () => {
    const first = withObject('', { object: route, fieldPath: 'spec' });
    const second = withObject(first, { object: namespace, fieldPath: '' });
    expect(readObject(second)).toEqual({ object: namespace, fieldPath: '' });
  });

  it.each(['', '?object=', '?object=VirtualService', '?object=a,b,c,d'])(
    'opens nothing for %j',
    search => {
      expect(readObject(search)).toBeUndefined();
    },
  );
});
