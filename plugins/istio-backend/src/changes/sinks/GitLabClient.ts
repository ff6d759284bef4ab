import {
  getGitLabIntegrationRelativePath,
  getGitLabRequestOptions,
  type GitLabIntegration,
} from '@backstage/integration';
import { ChangeSinkError } from '@istio-backstage/plugin-istio-node';
import { z } from 'zod';
import { createHostFetch } from './createHostFetch';
import { explainRefusal, missingToken } from './explainRefusal';

const RIGHTS = {
  integration: 'integrations.gitlab',
  rights: 'the scope api and the role Developer',
};

/** Text, lists or objects of them: how depends on who in GitLab refuses. */
const refusalSchema = z
  .object({ message: z.unknown(), error: z.unknown() })
  .partial();

/** One request to a project. */
interface Call {
  method?: 'GET' | 'POST' | 'PUT';
  /** Segments below the project; each is escaped. */
  path: readonly (string | number)[];
  query?: Record<string, string>;
  body?: unknown;
}

/** A project of a GitLab through its REST API v4, with the token and the retries of `integrations.gitlab`. */
export class GitLabClient {
  /** Throws a {@link ChangeSinkError} when the address is not a project's or there is no token for it. */
  static open(options: {
    integration: GitLabIntegration | undefined;
    repository: string;
    token: string | undefined;
  }): GitLabClient {
    const { integration, repository, token } = options;
    const project = integration && projectOf(repository, integration);
    if (!integration || !project) {
      throw new ChangeSinkError(
        `${repository} is not the address of a project at a GitLab of integrations.gitlab, such as https://gitlab.com/acme/team/config`,
      );
    }
    const { host } = integration.config;
    if (!token) throw missingToken({ host, ...RIGHTS });
    return new GitLabClient(integration, project, token);
  }

  private readonly fetch: typeof fetch;

  private constructor(
    private readonly integration: GitLabIntegration,
    readonly project: string,
    private readonly token: string,
  ) {
    this.fetch = createHostFetch(integration.config.apiBaseUrl, (input, init) =>
      integration.fetch(input, init),
    );
  }

  async json<T>(schema: z.ZodType<T>, call: Call): Promise<T> {
    const { value } = await this.page(schema, call);
    return value;
  }

  /** With the parameters of the page after it, where there is one. */
  async page<T>(
    schema: z.ZodType<T>,
    call: Call,
  ): Promise<{ value: T; next?: Record<string, string> }> {
    const response = await this.send(call);
    const parsed = schema.safeParse(await response.json().catch(() => null));
    if (!parsed.success) {
      const [{ path, message }] = parsed.error.issues;
      throw new Error(
        `the answer of ${
          this.integration.config.apiBaseUrl
        } is not GitLab's: ${[...path, message].join(': ')}`,
      );
    }
    return {
      value: parsed.data,
      next: readNext(response.headers.get('link')),
    };
  }

  async bytes(call: Call): Promise<Uint8Array> {
    const response = await this.send(call);
    return new Uint8Array(await response.arrayBuffer());
  }

  private async send(call: Call): Promise<Response> {
    const { method = 'GET', path, query = {}, body } = call;
    const { config } = this.integration;
    const { headers } = getGitLabRequestOptions(config, this.token);
    const response = await this.fetch(
      `${config.apiBaseUrl}/${[
        'projects',
        encodeURIComponent(this.project),
        ...path.map(encodeURIComponent),
      ].join('/')}?${new URLSearchParams(query)}`,
      {
        method,
        headers: {
          ...headers,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      },
    );
    if (!response.ok) throw await this.refusal(response);
    return response;
  }

  private async refusal(response: Response): Promise<Error> {
    const { status } = response;
    const said = wordsOf(await response.text()) || response.statusText;
    return explainRefusal({
      status,
      said: said.replaceAll(this.token, '…'),
      project: this.project,
      host: this.integration.config.host,
      ...RIGHTS,
      passes: status === 429 || response.headers.has('retry-after'),
    });
  }
}

/** `acme/team/config`: groups may lie in groups, and the whole GitLab below a folder of its host. */
function projectOf(
  repository: string,
  { config }: GitLabIntegration,
): string | undefined {
  const { pathname } = new URL(repository);
  const folder = getGitLabIntegrationRelativePath(config);
  if (!pathname.startsWith(`${folder}/`)) return undefined;
  const parts = decodeURIComponent(pathname.slice(folder.length))
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .split('/')
    .filter(part => part !== '');
  return parts.length > 1 && !parts.includes('-') ? parts.join('/') : undefined;
}

/** What a `Link` header says about the next page. Its address is not used: behind a proxy it may be another. */
function readNext(link: string | null): Record<string, string> | undefined {
  const [, address] = /<([^>]*)>;\s*rel="next"/.exec(link ?? '') ?? [];
  return address === undefined || !URL.canParse(address)
    ? undefined
    : Object.fromEntries(new URL(address).searchParams);
}

function wordsOf(text: string): string {
  try {
    const { message, error } = refusalSchema.parse(JSON.parse(text));
    return joinWords(message ?? error).slice(0, 500);
  } catch {
    // A page of a proxy says nothing that helps.
    return '';
  }
}

function joinWords(said: unknown): string {
  if (Array.isArray(said)) return said.map(joinWords).join(', ');
  if (typeof said === 'object' && said !== null) {
    return Object.entries(said)
      .map(([key, value]) => `${key} ${joinWords(value)}`)
      .join(', ');
  }
  return said === undefined || said === null ? '' : String(said);
}
