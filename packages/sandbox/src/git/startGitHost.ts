import { createServer, type IncomingMessage, type Server } from 'node:http';
import { answerGitHub, type Answer } from './GitHubApi';
import { GitRefusal, GitRepository } from './GitRepository';
import { renderPull } from './renderPull';

const API = /^\/api\/v3\/repos\/([^/]+\/[^/]+)(\/.*)$/;
const PAGE = /^\/([^/]+\/[^/]+)\/pull\/(\d+)(?:\/(merge|close))?$/;

/** One request and what it was answered, for tests against the published API. */
export interface Exchange {
  method: string;
  path: string;
  body: unknown;
  status: number;
  answer: unknown;
}

export interface GitHostOptions {
  /** Files per repository: `acme/shop-config`. */
  repositories: Record<string, Record<string, string>>;
  /** 0: any free port. */
  port: number;
  /** Default 127.0.0.1: the token is no secret. */
  host?: string;
  /** What clients have to send. Default `sandbox-git`. */
  token?: string;
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

  private answer(request: IncomingMessage): Promise<Answer> {
    const asked = new URL(request.url ?? '/', 'http://localhost');
    return PAGE.test(asked.pathname)
      ? this.answerPage(request, asked.pathname)
      : this.answerApi(request, asked);
  }

  private async answerApi(
    request: IncomingMessage,
    { pathname, searchParams }: URL,
  ): Promise<Answer> {
    const { token = 'sandbox-git' } = this.options;
    if (request.headers.authorization !== `token ${token}`) {
      return { status: 401, body: { message: 'Bad credentials' } };
    }
    const [, name = '', path = ''] = API.exec(pathname) ?? [];
    const method = request.method ?? 'GET';
    const body = await readJson(request);
    const answer = answerGitHub({
      repository: this.find(name),
      name,
      url: this.url,
      query: searchParams,
      headers: request.headers,
      method,
      path,
      body,
    }) ?? { status: 404, body: { message: 'Not Found' } };
    const { status } = answer;
    this.exchanges.push({ method, path, body, status, answer: answer.body });
    return answer;
  }

  private async answerPage(
    request: IncomingMessage,
    pathname: string,
  ): Promise<Answer> {
    const [, name = '', number = '0', action] = PAGE.exec(pathname) ?? [];
    const repository = this.find(name);
    const pull = repository.pull(Number(number));
    if (request.method === 'POST' && action) {
      if (action === 'merge') await this.merge(name, pull.number);
      else repository.close(pull.number);
      return {
        status: 303,
        headers: { location: `/${name}/pull/${pull.number}` },
      };
    }
    return {
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: renderPull({ name, pull, repository }),
    };
  }
}

/** A small Git host: GitHub's REST API under `/api/v3`, and a page per pull request with a button to merge it. */
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
