import {
  buildSnapshot,
  kindNameOf,
  type KubeObject,
} from '@istio-backstage/plugin-istio-common';
import type { MeshReader } from '@istio-backstage/plugin-istio-node';
import { FORGES } from '../../../../plugins/istio-backend/src/changes/sinks/__testUtils__/forges';
import { ChangeSettler } from '../../../../plugins/istio-backend/src/changes/ChangeSettler';
import {
  createFollower,
  createProposals,
} from '../../../../plugins/istio-backend/src/changes/proposals/createProposals';
import type { ChangeStore } from '../../../../plugins/istio-backend/src/changes/types';
import { CLUSTER, SILENT } from './createParts';
import type { GitPlace } from './types';

const [gitHub] = FORGES;

/** What looks after changes that go through Git, as the plugin puts it together. */
export function createProposalParts(options: {
  store: ChangeStore;
  owner: string;
  git: GitPlace;
  /** What the watches show. */
  objects: () => KubeObject[];
}) {
  const { store, owner, git, objects } = options;
  const surroundings = {
    git: {
      sources: [git.source],
      sinks: [gitHub.sinkOf({ url: git.host }, git.token)],
      pollSeconds: 30,
      portalUrl: 'https://portal.example',
    },
    reader: {
      snapshot: () => snapshotOf(objects()),
      onChange: () => () => undefined,
    } as unknown as MeshReader,
    logger: SILENT,
  };
  const { drafter, proposals } = createProposals(surroundings, {
    store,
    settler: ChangeSettler.create({ store }),
    owner,
    leaseSeconds: 60,
  });
  const follower = createFollower(surroundings, { store, proposals, owner });
  return { drafter, proposals, follower };
}

/** The one cluster with these objects in it. */
export function snapshotOf(objects: readonly KubeObject[]) {
  const byKind: Record<string, KubeObject[]> = {
    DestinationRule: [],
    VirtualService: [],
  };
  for (const object of objects) {
    (byKind[kindNameOf(object) ?? ''] ??= []).push(object);
  }
  return buildSnapshot({ cluster: CLUSTER, asOf: 0, objects: byKind });
}
