import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Answer, ForgeName } from './forge';
import { FORGES, type Forge } from './forges';
import { GitRefusal, GitRepository } from './GitRepository';
import { renderPull } from './renderPull';

/** One request and what it was answered, for tests against the published API. */
export interface Exchange {
  forge: ForgeName;
  method: string;
  /** Below the repository, as it was sent. */
  path: string;
  query: Record<string, string>;
  body: unknown;
  status: number;
  answer: unknown;
}

export interface GitHostOptions {
  /** Files per repository: `acme/shop-config`; GitLab's may lie deeper, as `acme/team/shop-config`. */
  repositories: Record<string, Record<string, string>>;
  /** 0: any free port. */
  port: number;
  /** Default 127.0.0.1: the token is no secret. */
  host?: string;
  /** What clients have to send. Default `sandbox-git`. */
  token?: string;
  /** A token that may only read. */
  readToken?: string;
  /** Epoch milliseconds. Default the computer's clock. */
  clock?: () => number;
  /** A pull request was merged: what applies the branch may do so. */
  onMerge?: (repository: string) => Promise<void>;
}

export interface RunningGitHost {
  url: string;
  repositories: Map<string, GitRepository>;
  exchanges: Exchange[];
  /** Merges as a person would on the page. */
  merge(repository: string, number: number): Promise<void>;
  close(): Promise<void>;
}

class GitHost implements RunningGitHost {
  url = '';
  readonly repositories: Map<string, GitRepository>;
  readonly exchanges: Exchange[] = [];
  private readonly server: Server;

  constructor(private readonly options: GitHostOptions) {
    const { repositories, clock = Date.now } = options;
    this.repositories = new Map(
      Object.entries(repositories).map(([name, files]) => [
        name,
        new GitRepository(files, clock),
      ]),
    );
    this.server = createServer(async (request, response) => {
      const answer = await this.answer(request).catch(refuse);
      response
        .writeHead(answer.status, {
          ...(answer.body === undefined
            ? {}
            : { 'content-type': 'application/json; charset=utf-8' }),
          ...answer.headers,
        })
        .end(
          typeof answer.body === 'string' || answer.body === undefined
            ? answer.body
            : JSON.stringify(answer.body),
        );
    });
    // Longer than any pause of a client on a busy machine: what is sent while it is closed is lost.
    this.server.keepAliveTimeout = 60_000;
  }

  listen(): Promise<void> {
    const { host = '127.0.0.1', port } = this.options;
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        const address = this.server.address();
        this.url = `http://${host}:${
          typeof address === 'object' ? address?.port : port
        }`;
        resolve();
      });
    });
  }

  async merge(name: string, number: number): Promise<void> {
    this.find(name).merge(number);
    await this.options.onMerge?.(name);
  }

  close(): Promise<void> {
    return new Promise(resolve => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private find(name: string): GitRepository {
    const repository = this.repositories.get(name);
    if (!repository) throw new GitRefusal(404, 'Not Found');
    return repository;
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const asked = new URL(request.url ?? '/', 'http://localhost');
    for (const forge of FORGES) {
      const page = forge.page.exec(asked.pathname);
      if (page) return this.answerPage(request, forge, page);
      const api = forge.api.exec(asked.pathname);
      if (api) return this.answerApi(request, forge, { asked, api });
    }
    return { status: 404, body: { message: 'Not Found' } };
  }

  private async answerApi(
    request: IncomingMessage,
    forge: Forge,
    { asked, api }: { asked: URL; api: RegExpExecArray },
  ): Promise<Answer> {
    const [, found = '', path = ''] = api;
    const name = decodeURIComponent(found);
    const method = request.method ?? 'GET';
    const body = await readJson(request);
    const answer = this.judgeToken(request, forge) ??
      forge.answer({
        repository: this.find(name),
        name,
        url: `${this.url}${forge.base}`,
        query: asked.searchParams,
        headers: request.headers,
        method,
        path,
        body,
      }) ?? { status: 404, body: { message: 'Not Found' } };
    this.exchanges.push({
      forge: forge.name,
      method,
      path,
      query: Object.fromEntries(asked.searchParams),
      body,
      status: answer.status,
      answer: answer.body,
    });
    return answer;
  }

  /** Undefined where the token may do this. */
  private judgeToken(
    { headers, method }: IncomingMessage,
    forge: Forge,
  ): Answer | undefined {
    const { token = 'sandbox-git', readToken } = this.options;
    const sent = headers.authorization;
    if (sent === `${forge.scheme} ${token}`) return undefined;
    if (!readToken || sent !== `${forge.scheme} ${readToken}`) {
      return { status: 401, body: { message: forge.unknown } };
    }
    return method === 'GET'
      ? undefined
      : { status: 403, body: { message: forge.forbidden } };
  }

  private async answerPage(
    request: IncomingMessage,
    forge: Forge,
    [, name = '', number = '0', action]: RegExpExecArray,
  ): Promise<Answer> {
    const repository = this.find(name);
    const pull = repository.pull(Number(number));
    const location = forge.pathOf(name, pull.number);
    if (request.method === 'POST' && action) {
      if (action === 'merge') await this.merge(name, pull.number);
      else repository.close(pull.number);
      return { status: 303, headers: { location } };
    }
    return {
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: renderPull({ name, pull, repository, location, word: forge.word }),
    };
  }
}

/**
 * A small Git host: GitHub's REST API under `/api/v3` and GitLab's under `/gitlab/api/v4`, over the same
 * repositories, and a page per proposal with a button to merge it.
 */
export async function startGitHost(
  options: GitHostOptions,
): Promise<RunningGitHost> {
  const host = new GitHost(options);
  await host.listen();
  return host;
}

function refuse(error: unknown): Answer {
  return {
    status: error instanceof GitRefusal ? error.status : 500,
    body: { message: error instanceof Error ? error.message : String(error) },
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? undefined : JSON.parse(text);
}
