import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import type { ChangeSink } from '@istio-backstage/plugin-istio-node';
import { GitHubSink } from '../GitHubSink';
import { GitLabSink } from '../GitLabSink';

/** A forge as the local Git host speaks it, and the portal's way to it. */
export interface Forge {
  name: 'GitHub' | 'GitLab';
  kind: ChangeSink['kind'];
  word: string;
  /** A repository that this forge can have. */
  repo: string;
  /** Address of a repository as in a browser. */
  repositoryAt(host: { url: string }, repo?: string): string;
  pageAt(host: { url: string }, number: number): string;
  sinkOf(host: { url: string }, token?: string): ChangeSink;
}

const gitHub: Forge = {
  name: 'GitHub',
  kind: 'pullRequest',
  word: 'pull request',
  repo: 'acme/shop-config',
  repositoryAt: ({ url }, repo = gitHub.repo) => `${url}/${repo}`,
  pageAt: ({ url }, number) => `${url}/${gitHub.repo}/pull/${number}`,
  sinkOf: ({ url }, token) =>
    GitHubSink.create({
      integrations: integrationsOf('github', {
        host: new URL(url).host,
        apiBaseUrl: `${url}/api/v3`,
        token,
      }),
    }),
};

/** Below a folder of its host, with a group in a group: what most trips over. */
const gitLab: Forge = {
  name: 'GitLab',
  kind: 'mergeRequest',
  word: 'merge request',
  repo: 'acme/mesh-team/shop.config',
  repositoryAt: ({ url }, repo = gitLab.repo) => `${url}/gitlab/${repo}`,
  pageAt: ({ url }, number) =>
    `${url}/gitlab/${gitLab.repo}/-/merge_requests/${number}`,
  sinkOf: ({ url }, token) =>
    GitLabSink.create({
      integrations: integrationsOf('gitlab', {
        host: new URL(url).host,
        baseUrl: `${url}/gitlab`,
        apiBaseUrl: `${url}/gitlab/api/v4`,
        token,
      }),
    }),
};

export const FORGES: Forge[] = [gitHub, gitLab];

function integrationsOf(
  kind: 'github' | 'gitlab',
  { token, ...config }: { token?: string; [key: string]: string | undefined },
): ScmIntegrations {
  return ScmIntegrations.fromConfig(
    new ConfigReader({
      integrations: { [kind]: [{ ...config, ...(token && { token }) }] },
    }),
  );
}
