import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import type { ChangeServiceTimes } from '../changeServiceTimes';
import { ChangeHarness } from './ChangeHarness';
import { SandboxMesh } from './SandboxMesh';

/** A fresh mesh and a fresh database per test; everything that was opened is closed after it. */
export function useMesh() {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  const meshes: SandboxMesh[] = [];
  const harnesses: ChangeHarness[] = [];

  afterEach(async () => {
    await Promise.all(harnesses.splice(0).map(each => each.stop()));
    await Promise.all(meshes.splice(0).map(each => each.stop()));
  });

  return async (
    options: { clusters?: string[]; times?: ChangeServiceTimes } = {},
  ): Promise<{ mesh: SandboxMesh; harness: ChangeHarness; knex: Knex }> => {
    const mesh = await SandboxMesh.start(options.clusters ?? ['prod-eu']);
    meshes.push(mesh);
    const knex = await databases.init('SQLITE_3');
    const harness = await ChangeHarness.create({
      mesh,
      knex,
      times: options.times,
    });
    harnesses.push(harness);
    return { mesh, harness, knex };
  };
}
