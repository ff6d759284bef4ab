import { toError } from '@backstage/errors';
import {
  DefaultGitlabCredentialsProvider,
  type GitlabCredentialsProvider,
  type ScmIntegrations,
} from '@backstage/integration';
import {
  ChangeSinkError,
  type ChangeSink,
  type ProposalRequest,
  type ProposalStatus,
  type SourceBranch,
  type SourceReading,
} from '@istio-backstage/plugin-istio-node';
import { z } from 'zod';
import { foreignBranch, lostBase, missingBranch } from './explainRefusal';
import { GitLabClient } from './GitLabClient';
import { isProposalCommit } from './isProposalCommit';
import { readLimited } from './readLimited';

const PER_PAGE = '100';
const MOST_PAGES = 200;
const MOST_LISTINGS = 20;

const userSchema = z.object({ username: z.string() }).nullish();
const branchSchema = z.object({
  commit: z.object({ id: z.string(), message: z.string() }),
});
const treeSchema = z.array(
  z.object({ id: z.string(), type: z.string(), path: z.string() }),
);
const commitSchema = z.object({ id: z.string() });
const mergeRequestSchema = z.object({
  iid: z.number(),
  web_url: z.string(),
  state: z.enum(['opened', 'closed', 'locked', 'merged']),
  source_branch: z.string(),
  source_project_id: z.number().nullable(),
  target_project_id: z.number(),
  sha: z.string().nullish(),
  merge_commit_sha: z.string().nullish(),
  squash_commit_sha: z.string().nullish(),
  merge_user: userSchema,
  /** Older than `merge_user`. */
  merged_by: userSchema,
  closed_by: userSchema,
  has_conflicts: z.boolean().nullish(),
});
type MergeRequest = z.infer<typeof mergeRequestSchema>;

/** A file of a commit: path and the name of its content. */
type Listing = ReadonlyMap<string, string>;

/** Merge requests at GitLab, gitlab.com or one's own, with the credentials of the portal's `integrations:`. */
export class GitLabSink implements ChangeSink {
  static create(options: { integrations: ScmIntegrations }): GitLabSink {
    return new GitLabSink(
      options.integrations,
      DefaultGitlabCredentialsProvider.fromIntegrations(options.integrations),
    );
  }

  readonly name = 'GitLab';
  readonly kind = 'mergeRequest';
  private readonly blobs = new Map<string, string>();
  /** By repository and commit, which never changes. */
  private readonly listings = new Map<string, Listing>();

  private constructor(
    private readonly integrations: ScmIntegrations,
    private readonly credentials: GitlabCredentialsProvider,
  ) {}

  serves(repository: string): boolean {
    return this.integrations.gitlab.byUrl(repository) !== undefined;
  }

  async read(
    options: SourceBranch & { accepts: (path: string) => boolean },
  ): Promise<SourceReading> {
    const { repository, branch, accepts } = options;
    const client = await this.open(repository);
    const head = await this.headOf(client, branch);
    if (!head) throw missingBranch(branch, client.project);
    const listing = await this.list(client, { repository, commit: head.id });
    const files = await readLimited({
      entries: [...listing].flatMap(([path, id]) =>
        accepts(path) ? [{ path, id }] : [],
      ),
      cache: this.blobs,
      fetch: id => client.bytes({ path: ['repository', 'blobs', id, 'raw'] }),
    });
    return { commit: head.id, files };
  }

  async find(
    options: SourceBranch & { proposalBranch: string },
  ): Promise<ProposalStatus | undefined> {
    const client = await this.open(options.repository);
    const found = await client.json(z.array(mergeRequestSchema), {
      path: ['merge_requests'],
      query: {
        source_branch: options.proposalBranch,
        target_branch: options.branch,
        state: 'all',
        order_by: 'created_at',
        sort: 'desc',
      },
    });
    // A fork may have a branch of the same name.
    const newest = found.find(
      each => each.source_project_id === each.target_project_id,
    );
    return newest && statusOf(newest);
  }

  async propose(request: ProposalRequest): Promise<ProposalStatus> {
    const client = await this.open(request.repository);
    await this.push(request, client);
    try {
      return statusOf(
        await client.json(mergeRequestSchema, {
          method: 'POST',
          path: ['merge_requests'],
          body: {
            source_branch: request.proposalBranch,
            target_branch: request.branch,
            title: request.title,
            description: withoutCommands(request.body),
          },
        }),
      );
    } catch (error) {
      // Opened by somebody who died before saying so.
      const present = await this.find(request);
      if (present) return present;
      throw error;
    }
  }

  async look(options: {
    repository: string;
    number: number;
  }): Promise<ProposalStatus> {
    const client = await this.open(options.repository);
    return statusOf(
      await client.json(mergeRequestSchema, {
        path: ['merge_requests', options.number],
      }),
    );
  }

  async close(options: { repository: string; number: number }): Promise<void> {
    const client = await this.open(options.repository);
    await client.json(mergeRequestSchema, {
      method: 'PUT',
      path: ['merge_requests', options.number],
      body: { state_event: 'close' },
    });
  }

  /** Branch and commit in one request. What is pushed already is not pushed again. */
  private async push(
    request: ProposalRequest,
    client: GitLabClient,
  ): Promise<void> {
    const { repository, proposalBranch, baseCommit, files } = request;
    try {
      const present = await this.list(client, {
        repository,
        commit: baseCommit,
      });
      await client.json(commitSchema, {
        method: 'POST',
        path: ['repository', 'commits'],
        body: {
          branch: proposalBranch,
          start_sha: baseCommit,
          commit_message: request.message,
          actions: files.map(file => actionOf(file, present)),
        },
      });
    } catch (error) {
      const pushed = await this.headOf(client, proposalBranch).catch(
        () => undefined,
      );
      if (pushed && isProposalCommit(request, pushed.message)) return;
      if (pushed) throw foreignBranch(proposalBranch);
      if (/start_sha|tree not found/i.test(toError(error).message)) {
        throw lostBase(baseCommit);
      }
      throw error;
    }
  }

  private async headOf(client: GitLabClient, branch: string) {
    try {
      const { commit } = await client.json(branchSchema, {
        path: ['repository', 'branches', branch],
      });
      return commit;
    } catch (error) {
      // The project may be what is not found.
      if (/404 branch not found/i.test(toError(error).message)) {
        return undefined;
      }
      throw error;
    }
  }

  private async list(
    client: GitLabClient,
    { repository, commit }: { repository: string; commit: string },
  ): Promise<Listing> {
    const key = `${repository}@${commit}`;
    const known = this.listings.get(key);
    if (known) return known;
    const listing = new Map<string, string>();
    let query: Record<string, string> | undefined = {
      ref: commit,
      recursive: 'true',
      pagination: 'keyset',
      per_page: PER_PAGE,
    };
    for (let page = 0; query; page++) {
      if (page === MOST_PAGES) {
        throw new ChangeSinkError(
          `it has more files than are listed (${
            MOST_PAGES * Number(PER_PAGE)
          }); keep the configuration in a smaller project`,
        );
      }
      const { value, next } = await client.page(treeSchema, {
        path: ['repository', 'tree'],
        query,
      });
      for (const { type, path, id } of value) {
        if (type === 'blob') listing.set(path, id);
      }
      query = next;
    }
    this.listings.set(key, listing);
    for (const oldest of this.listings.keys()) {
      if (this.listings.size <= MOST_LISTINGS) break;
      this.listings.delete(oldest);
    }
    return listing;
  }

  private async open(repository: string): Promise<GitLabClient> {
    const integration = this.integrations.gitlab.byUrl(repository);
    const { token } = integration
      ? await this.credentials.getCredentials({ url: repository })
      : { token: undefined };
    return GitLabClient.open({ integration, repository, token });
  }
}

function actionOf(
  { path, text }: ProposalRequest['files'][number],
  present: Listing,
) {
  return text === undefined
    ? { action: 'delete', file_path: path }
    : {
        action: present.has(path) ? 'update' : 'create',
        file_path: path,
        encoding: 'base64',
        content: Buffer.from(text).toString('base64'),
      };
}

/** A line such as `/merge` would be carried out with the rights of the portal's token. */
function withoutCommands(text: string): string {
  return text.replace(/^(\s*)\//gm, '$1\\/');
}

function statusOf(found: MergeRequest): ProposalStatus {
  const { iid, web_url: url, state } = found;
  const shared = { number: iid, url };
  if (state === 'merged') {
    // Of a fast-forward there is no commit but its own.
    const mergeCommit =
      found.merge_commit_sha ?? found.squash_commit_sha ?? found.sha;
    const by = (found.merge_user ?? found.merged_by)?.username;
    return {
      ...shared,
      state,
      ...(mergeCommit && { mergeCommit }),
      ...(by !== undefined && { by }),
    };
  }
  if (state === 'closed') {
    const by = found.closed_by?.username;
    return { ...shared, state, ...(by !== undefined && { by }) };
  }
  // `locked` is how it looks while it is being merged.
  return {
    ...shared,
    state: 'open',
    ...(found.has_conflicts && { hasConflicts: true }),
  };
}
