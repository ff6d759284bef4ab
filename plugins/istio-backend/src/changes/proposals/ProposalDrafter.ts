import { matchesGlob } from 'node:path';
import { toError } from '@backstage/errors';
import {
  prepareFiles,
  type ChangeProposal,
  type EditedFile,
  type GuardrailVerdict,
  type Plan,
  type PlanOperation,
} from '@istio-backstage/plugin-istio-common';
import type { ChangeSink } from '@istio-backstage/plugin-istio-node';
import { joinWords, nameObject } from '../changeWords';
import { selectSource, type SelectedSource } from './selectSource';
import type { GitSource } from './types';

/** What a plan becomes at a Git host: files of one branch. */
export interface ProposalDraft {
  proposal: ChangeProposal;
  files: EditedFile[];
}

/** Options of {@link ProposalDrafter}. */
export interface ProposalDrafterOptions {
  sources: readonly GitSource[];
  sinks: readonly ChangeSink[];
}

interface Sourced extends SelectedSource {
  operation: PlanOperation;
}

/** Finds out whether a plan's objects come from Git, and edits their files. Only reads. */
export class ProposalDrafter {
  static create(options: ProposalDrafterOptions): ProposalDrafter {
    return new ProposalDrafter(options);
  }

  private constructor(private readonly options: ProposalDrafterOptions) {}

  /** The host of a repository; undefined where none is configured. */
  sinkOf(repository: string): ChangeSink | undefined {
    return this.options.sinks.find(sink => sink.serves(repository));
  }

  /**
   * Nothing when no object of the plan comes from a configured source; the draft when all do and their
   * files can be edited; else in words why not.
   */
  async draft(
    plan: Plan,
  ): Promise<ProposalDraft | { problem: string } | undefined> {
    const sourced = plan.operations.flatMap((operation): Sourced[] => {
      const selected = selectSource(operation, this.options.sources);
      return selected ? [{ ...selected, operation }] : [];
    });
    if (sourced.length === 0) return undefined;
    const all = this.withNewOnes(plan, sourced);
    const direct = plan.operations.find(
      operation => !all.some(each => each.operation === operation),
    );
    if (direct) {
      return {
        problem: `${nameObject(sourced[0].operation.object)} comes from Git (${
          sourced[0].source.name
        }) and ${nameObject(
          direct.object,
        )} does not; change them one after the other`,
      };
    }
    const [{ source }] = all;
    const other = all.find(
      each =>
        each.source.repository !== source.repository ||
        each.source.branch !== source.branch,
    );
    if (other) {
      return {
        problem: `The objects come from two Git sources, ${source.name} and ${other.source.name}; choose fewer clusters`,
      };
    }
    return this.prepare(all);
  }

  /** Objects that do not exist yet belong to nobody: they go where the others of the plan come from. */
  private withNewOnes(plan: Plan, sourced: Sourced[]): Sourced[] {
    return plan.operations.flatMap(operation => {
      const own = sourced.find(each => each.operation === operation);
      const beside = sourced.find(
        each => each.operation.object.cluster === operation.object.cluster,
      );
      if (own) return [own];
      return operation.action === 'create' && beside
        ? [{ ...beside, operation }]
        : [];
    });
  }

  private async prepare(
    sourced: Sourced[],
  ): Promise<ProposalDraft | { problem: string }> {
    const [{ source }] = sourced;
    const { repository, branch } = source;
    const sink = this.sinkOf(repository);
    if (!sink) {
      return {
        problem: `No credentials are configured for ${repository} (integrations: in the portal's configuration)`,
      };
    }
    const globs = [
      ...new Set(
        sourced.flatMap(each => [
          ...each.source.paths,
          ...newFileGlobs(each.source),
        ]),
      ),
    ];
    try {
      const { commit, files } = await sink.read({
        repository,
        branch,
        accepts: path => globs.some(glob => matchesGlob(path, glob)),
      });
      const prepared = prepareFiles({
        files,
        operations: sourced.map(each => ({
          operation: each.operation,
          rules: each.source,
        })),
      });
      if (!prepared.ok) {
        return { problem: prepared.problem.text };
      }
      return {
        files: prepared.files,
        proposal: {
          kind: sink.kind,
          host: sink.name,
          owner: joinWords([...new Set(sourced.map(({ owner }) => owner))]),
          repository,
          baseBranch: branch,
          baseCommit: commit,
          files: prepared.files.map(({ path, diff }) => ({ path, diff })),
        },
      };
    } catch (error) {
      return {
        problem: `${repository} could not be read: ${toError(error).message}`,
      };
    }
  }
}

/** What stands where new objects go has to be known, so that nothing is overwritten. */
function newFileGlobs({ newFiles }: GitSource): string[] {
  if (newFiles === undefined) return [];
  return /\.ya?ml$/.test(newFiles)
    ? [newFiles]
    : [`${newFiles.replace(/\/+$/, '')}/*`];
}

/** `pull request` or `merge request`. */
export function proposalWord({ kind }: Pick<ChangeProposal, 'kind'>): string {
  return kind === 'pullRequest' ? 'pull request' : 'merge request';
}

/** The verdicts with what the Git sources make of those about foreign owners. */
export function judgeProposal(
  verdicts: GuardrailVerdict[],
  drafted: ProposalDraft | { problem: string } | undefined,
): GuardrailVerdict[] {
  if (!drafted) return verdicts;
  const others = verdicts.filter(({ policy }) => policy !== 'foreign-owner');
  const own = verdicts.filter(({ policy }) => policy === 'foreign-owner');
  if ('problem' in drafted) {
    const [first] = own;
    return [
      ...others,
      {
        policy: 'foreign-owner',
        policyVersion: first?.policyVersion,
        verdict: 'deny',
        text: [
          ...own
            .filter(({ verdict }) => verdict === 'deny')
            .map(({ text }) => text),
          `It cannot be proposed there from here: ${drafted.problem}`,
        ].join('. '),
      },
    ];
  }
  const { proposal } = drafted;
  return [
    ...others,
    {
      policy: 'foreign-owner',
      policyVersion: own[0]?.policyVersion,
      verdict: 'pass',
      text: `${
        proposal.owner
      } applies it from Git, so it becomes a ${proposalWord(proposal)} there`,
    },
  ];
}
