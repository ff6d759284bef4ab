import { toError } from '@backstage/errors';
import {
  DefaultGithubCredentialsProvider,
  type GithubCredentialsProvider,
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
import { Octokit } from '@octokit/rest';
import { createHostFetch } from './createHostFetch';
import {
  explainRefusal,
  foreignBranch,
  lostBase,
  missingBranch,
  missingToken,
  statusCodeOf,
  type Refusal,
} from './explainRefusal';
import { isProposalCommit } from './isProposalCommit';
import { readLimited } from './readLimited';

type Pull = Awaited<ReturnType<Octokit['pulls']['get']>>['data'];

/** A repository as the API names it. */
interface Place {
  octokit: Octokit;
  owner: string;
  repo: string;
}

const RIGHTS = {
  integration: 'integrations.github',
  rights: 'contents and pull requests, read and write,',
};

/** The library writes failed requests to the console otherwise. */
const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Pull requests at GitHub and GitHub Enterprise, with the credentials of the portal's `integrations:`. */
export class GitHubSink implements ChangeSink {
  static create(options: { integrations: ScmIntegrations }): GitHubSink {
    return new GitHubSink(
      options.integrations,
      DefaultGithubCredentialsProvider.fromIntegrations(options.integrations),
    );
  }

  readonly name = 'GitHub';
  readonly kind = 'pullRequest';
  /** Last answer per pull request, for conditional requests, which GitHub does not count. */
  private readonly seen = new Map<string, { etag: string; pull: Pull }>();
  private readonly blobs = new Map<string, string>();

  private constructor(
    private readonly integrations: ScmIntegrations,
    private readonly credentials: GithubCredentialsProvider,
  ) {}

  serves(repository: string): boolean {
    return this.integrations.github.byUrl(repository) !== undefined;
  }

  async read(
    options: SourceBranch & { accepts: (path: string) => boolean },
  ): Promise<SourceReading> {
    const { octokit, ...repo } = await this.open(options.repository);
    const commit = await this.headOf(options.branch, { octokit, ...repo });
    if (commit === undefined) {
      throw missingBranch(options.branch, `${repo.owner}/${repo.repo}`);
    }
    const { tree } = (
      await octokit.git.getCommit({ ...repo, commit_sha: commit })
    ).data;
    const listed = await octokit.git.getTree({
      ...repo,
      tree_sha: tree.sha,
      recursive: 'true',
    });
    if (listed.data.truncated) {
      throw new ChangeSinkError(
        'it has more files than are listed; keep the configuration in a smaller repository',
      );
    }
    const files = await readLimited({
      entries: listed.data.tree.flatMap(({ type, path, sha, size }) =>
        type === 'blob' && path && sha && options.accepts(path)
          ? [{ path, size: size ?? 0, id: sha }]
          : [],
      ),
      cache: this.blobs,
      fetch: async file_sha => {
        const { data } = await octokit.git.getBlob({ ...repo, file_sha });
        return Buffer.from(data.content, 'base64');
      },
    });
    return { commit, files };
  }

  async find(
    options: SourceBranch & { proposalBranch: string },
  ): Promise<ProposalStatus | undefined> {
    const { octokit, ...repo } = await this.open(options.repository);
    const { data } = await octokit.pulls.list({
      ...repo,
      head: `${repo.owner}:${options.proposalBranch}`,
      base: options.branch,
      state: 'all',
    });
    const [newest] = data.filter(
      ({ head }) => head.ref === options.proposalBranch,
    );
    return (
      newest &&
      this.look({ repository: options.repository, number: newest.number })
    );
  }

  async propose(request: ProposalRequest): Promise<ProposalStatus> {
    const { octokit, ...repo } = await this.open(request.repository);
    await this.push(request, { octokit, ...repo });
    try {
      const { data } = await octokit.pulls.create({
        ...repo,
        head: request.proposalBranch,
        base: request.branch,
        title: request.title,
        body: request.body,
        maintainer_can_modify: true,
      });
      return statusOf(data);
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
    const { repository, number } = options;
    const { octokit, ...repo } = await this.open(repository);
    const key = `${repository}#${number}`;
    const known = this.seen.get(key);
    try {
      const { data, headers } = await octokit.pulls.get({
        ...repo,
        pull_number: number,
        ...(known && { headers: { 'if-none-match': known.etag } }),
      });
      if (headers.etag) this.seen.set(key, { etag: headers.etag, pull: data });
      const status = statusOf(data);
      if (status.state !== 'open') this.seen.delete(key);
      return status;
    } catch (error) {
      if (known && statusCodeOf(error) === 304) return statusOf(known.pull);
      throw error;
    }
  }

  async close(options: { repository: string; number: number }): Promise<void> {
    const { octokit, ...repo } = await this.open(options.repository);
    await octokit.pulls.update({
      ...repo,
      pull_number: options.number,
      state: 'closed',
    });
  }

  /** One commit on the base commit, under the proposal's branch. What is pushed already is not pushed again. */
  private async push(
    request: ProposalRequest,
    { octokit, ...repo }: Place,
  ): Promise<void> {
    const base = await octokit.git
      .getCommit({ ...repo, commit_sha: request.baseCommit })
      .catch(error => {
        throw statusCodeOf(error) === 404
          ? lostBase(request.baseCommit)
          : error;
      });
    const tree = await octokit.git.createTree({
      ...repo,
      base_tree: base.data.tree.sha,
      tree: request.files.map(({ path, text }) => ({
        path,
        mode: '100644' as const,
        type: 'blob' as const,
        ...(text === undefined ? { sha: null } : { content: text }),
      })),
    });
    const commit = await octokit.git.createCommit({
      ...repo,
      message: request.message,
      tree: tree.data.sha,
      parents: [request.baseCommit],
    });
    try {
      await octokit.git.createRef({
        ...repo,
        ref: `refs/heads/${request.proposalBranch}`,
        sha: commit.data.sha,
      });
    } catch (error) {
      const pushed = await this.headOf(request.proposalBranch, {
        octokit,
        ...repo,
      }).catch(() => undefined);
      if (pushed === undefined) throw error;
      const { data } = await octokit.git.getCommit({
        ...repo,
        commit_sha: pushed,
      });
      if (!isProposalCommit(request, data.message)) {
        throw foreignBranch(request.proposalBranch);
      }
    }
  }

  /** Commit of a branch; undefined where there is no such branch, or no such repository. */
  private async headOf(
    branch: string,
    { octokit, ...repo }: Place,
  ): Promise<string | undefined> {
    try {
      const { data } = await octokit.git.getRef({
        ...repo,
        ref: `heads/${branch}`,
      });
      return data.object.sha;
    } catch (error) {
      if (statusCodeOf(error) === 404) return undefined;
      throw error;
    }
  }

  private async open(repository: string): Promise<Place> {
    const integration = this.integrations.github.byUrl(repository);
    const baseUrl = integration?.config.apiBaseUrl;
    const [owner, repo, ...rest] = new URL(repository).pathname
      .replace(/^\/|\/$|\.git$/g, '')
      .split('/');
    if (!integration || !baseUrl || !owner || !repo || rest.length > 0) {
      throw new ChangeSinkError(
        `${repository} is not the address of a repository at a GitHub of integrations.github, such as https://github.com/acme/config`,
      );
    }
    const { token } = await this.credentials.getCredentials({
      url: repository,
    });
    const { host } = integration.config;
    if (!token) throw missingToken({ host, ...RIGHTS });
    const octokit = new Octokit({
      auth: token,
      baseUrl,
      userAgent: 'istio-portal',
      log: silent,
      request: { fetch: createHostFetch(baseUrl) },
    });
    octokit.hook.error('request', error => {
      throw plainError(toError(error), {
        token,
        host,
        project: `${owner}/${repo}`,
      });
    });
    return { octokit, owner, repo };
  }
}

function statusOf(pull: {
  number: number;
  html_url: string;
  state: string;
  merged_at?: string | null;
  merge_commit_sha?: string | null;
  merged_by?: { login: string } | null;
  mergeable_state?: string;
}): ProposalStatus {
  const isMerged = Boolean(pull.merged_at);
  const open = pull.state === 'open' ? 'open' : 'closed';
  return {
    number: pull.number,
    url: pull.html_url,
    state: isMerged ? 'merged' : open,
    ...(isMerged && pull.merge_commit_sha
      ? { mergeCommit: pull.merge_commit_sha }
      : {}),
    ...(isMerged && pull.merged_by ? { by: pull.merged_by.login } : {}),
    ...(open === 'open' && pull.mergeable_state === 'dirty'
      ? { hasConflicts: true }
      : {}),
  };
}

/** Status and words of the host only: the library's own error holds the request with its headers. */
function plainError(
  error: Error,
  { token, ...place }: Pick<Refusal, 'host' | 'project'> & { token: string },
): Error {
  const status = statusCodeOf(error);
  const said = error.message.replaceAll(token, '…');
  const { response } = error as { response?: { headers: object } };
  // The library gives what was never answered a status of its own.
  if (status === undefined || !response) return new Error(said);
  const headers: Record<string, unknown> = { ...response.headers };
  return explainRefusal({
    status,
    said,
    ...place,
    ...RIGHTS,
    // A limit is told with the status of missing rights too.
    passes:
      status === 429 ||
      headers['retry-after'] !== undefined ||
      headers['x-ratelimit-remaining'] === '0',
  });
}
