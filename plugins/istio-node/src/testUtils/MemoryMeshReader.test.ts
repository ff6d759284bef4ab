import type { MeshChange } from '../types';
import { MemoryMeshReader } from './MemoryMeshReader';

const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'reviews', namespace: 'catalog' },
};

describe('MemoryMeshReader', () => {
  it('tells what changed and keeps the snapshot before as it was', () => {
    const reader = new MemoryMeshReader({ now: () => 42 });
    const changes: MeshChange[] = [];
    const stop = reader.onChange(change => changes.push(change));
    reader.addCluster('eu', []);
    const before = reader.snapshot('eu');
    reader.apply('eu', SERVICE);
    stop();
    reader.setState('eu', 'stale', 'gone');
    expect(changes).toEqual([
      { cluster: 'eu', namespaces: [] },
      { cluster: 'eu', namespaces: ['catalog'] },
    ]);
    expect(before?.list('Service')).toEqual([]);
    expect(reader.snapshot('eu')?.list('Service')).toEqual([SERVICE]);
    expect(reader.clusters()).toEqual([
      { name: 'eu', state: 'stale', asOf: 42, message: 'gone' },
    ]);
  });

  it('refuses kinds the product does not read', () => {
    const secret = { ...SERVICE, kind: 'Secret' };
    const reader = new MemoryMeshReader().addCluster('eu', []);
    expect(() => reader.apply('eu', secret)).toThrow("Kind 'Secret'");
  });
});
