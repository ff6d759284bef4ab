import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  ChangeSink,
  MeshReader,
} from '@istio-backstage/plugin-istio-node';
import type { ChangeSettler } from '../ChangeSettler';
import type { ChangeStore } from '../types';
import { ProposalDrafter } from './ProposalDrafter';
import { ProposalFollower } from './ProposalFollower';
import { ProposalKeeper } from './ProposalKeeper';
import { ProposedCauses } from './ProposedCauses';
import type { GitSource } from './types';

/** Git sources of objects, and the hosts they are at. */
export interface GitOptions {
  sources: readonly GitSource[];
  sinks: readonly ChangeSink[];
  /** How often a host is asked about one proposal. */
  pollSeconds: number;
  /** Address of the portal's pages. */
  portalUrl: string;
}

interface Surroundings {
  git?: GitOptions;
  reader: MeshReader;
  logger: LoggerService;
}

/** What finds the files of a plan, what brings a proposal on its way, and what knows its effect again. */
export function createProposals(
  { git, reader, logger }: Surroundings,
  shared: {
    store: ChangeStore;
    settler: ChangeSettler;
    owner: string;
    leaseSeconds: number;
  },
): {
  drafter: ProposalDrafter;
  proposals: ProposalKeeper;
  causes: ProposedCauses;
} {
  const drafter = ProposalDrafter.create({
    sources: git?.sources ?? [],
    sinks: git?.sinks ?? [],
  });
  return {
    drafter,
    causes: ProposedCauses.create({ ...shared, drafter }),
    proposals: ProposalKeeper.create({
      ...shared,
      drafter,
      reader,
      logger,
      portalUrl: git?.portalUrl ?? '',
    }),
  };
}

/** What looks after proposals at an interval. */
export function createFollower(
  { git, reader, logger }: Surroundings,
  shared: { store: ChangeStore; proposals: ProposalKeeper; owner: string },
): ProposalFollower {
  return ProposalFollower.create({
    ...shared,
    keeper: shared.proposals,
    reader,
    logger,
    pollSeconds: git?.pollSeconds ?? 30,
  });
}
