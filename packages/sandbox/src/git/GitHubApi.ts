import { z } from 'zod';
import api from '../../schemas/github.json';
import { answerBy, type Route } from './answerBy';
import type { Answer, ApiCall, ApiRequest } from './forge';
import { GitRefusal, type GitRepository, type Pull } from './GitRepository';

type Json = Record<string, unknown>;
type Call = ApiCall;

const treeSchema = z.object({
  base_tree: z.string().optional(),
  tree: z.array(
    z.object({
      path: z.string(),
      sha: z.string().nullable().optional(),
      content: z.string().optional(),
    }),
  ),
});
const commitSchema = z.object({
  message: z.string(),
  tree: z.string(),
  parents: z.array(z.string()),
});
const refSchema = z.object({ ref: z.string(), sha: z.string() });
const pullSchema = z.object({
  title: z.string(),
  body: z.string().default(''),
  head: z.string(),
  base: z.string(),
});
const closeSchema = z.object({ state: z.literal('closed') });

/** The published example of an answer; what the repository knows is laid over it. */
function exampleOf(method: string, path: string): Json {
  const operation = api.operations.find(
    each => each.method === method && each.path.endsWith(path),
  );
  const example = structuredClone(operation?.example) as unknown;
  return (Array.isArray(example) ? example[0] : example) as Json;
}

/** GitHub's REST API, as far as pull requests of edited files need it. Source: docs.github.com/rest. */
const ROUTES: Route[] = [
  [
    'GET',
    // A client may escape the slash of a reference, or not.
    /^\/git\/ref\/heads(?:\/|%2F)(.+)$/,
    ({ repository, found }) =>
      ok(describeRef(found, repository.commitOf(found).sha)),
  ],
  [
    'GET',
    /^\/git\/commits\/(\w+)$/,
    ({ repository, found }) => {
      const commit = repository.commits.get(found);
      if (!commit) throw new GitRefusal(404, 'Not Found');
      return ok(describeCommit(commit));
    },
  ],
  [
    'GET',
    /^\/git\/trees\/(\w+)$/,
    ({ repository, found }) =>
      ok({
        ...exampleOf('get', '/git/trees/{tree_sha}'),
        sha: found,
        truncated: false,
        tree: describeTree(repository, found),
      }),
  ],
  [
    'GET',
    /^\/git\/blobs\/(\w+)$/,
    ({ repository, found }) => {
      const text = repository.blobs.get(found);
      if (text === undefined) throw new GitRefusal(404, 'Not Found');
      return ok({
        ...exampleOf('get', '/git/blobs/{file_sha}'),
        sha: found,
        size: Buffer.byteLength(text),
        encoding: 'base64',
        content: Buffer.from(text).toString('base64'),
      });
    },
  ],
  ['POST', /^\/git\/trees$/, createTree],
  [
    'POST',
    /^\/git\/commits$/,
    ({ repository, body }) =>
      created(describeCommit(repository.commit(commitSchema.parse(body)))),
  ],
  [
    'POST',
    /^\/git\/refs$/,
    ({ repository, body }) => {
      const { ref, sha } = refSchema.parse(body);
      const branch = ref.replace(/^refs\/heads\//, '');
      repository.createBranch(branch, sha);
      return created(describeRef(branch, sha));
    },
  ],
  ['GET', /^\/pulls$/, listPulls],
  [
    'POST',
    /^\/pulls$/,
    call => {
      const pull = call.repository.openPull(pullSchema.parse(call.body));
      return created(describePull(pull, call));
    },
  ],
  [
    'GET',
    /^\/pulls\/(\d+)$/,
    call => {
      const pull = call.repository.pull(Number(call.found));
      const conflicts = call.repository.conflictsOf(pull).length;
      const etag = `W/"${pull.number}-${pull.revision}-${conflicts}"`;
      return call.headers['if-none-match'] === etag
        ? { status: 304, headers: { etag } }
        : { ...ok(describePull(pull, call)), headers: { etag } };
    },
  ],
  [
    'PATCH',
    /^\/pulls\/(\d+)$/,
    call => {
      closeSchema.parse(call.body);
      return ok(describePull(call.repository.close(Number(call.found)), call));
    },
  ],
];

/** Undefined where the API has no such operation. */
export function answerGitHub(request: ApiRequest): Answer | undefined {
  return answerBy({ routes: ROUTES, refuse }, request);
}

function refuse(error: unknown): Answer {
  if (error instanceof GitRefusal) {
    return { status: error.status, body: { message: error.message } };
  }
  if (error instanceof z.ZodError) {
    return { status: 422, body: { message: 'Validation Failed' } };
  }
  throw error;
}

function createTree({ repository, body }: Call): Answer {
  const { base_tree: base, tree } = treeSchema.parse(body);
  const next = new Map(base ? repository.tree(base) : []);
  for (const { path, sha, content } of tree) {
    if (content !== undefined) next.set(path, repository.addBlob(content));
    else if (sha === null) next.delete(path);
    else if (sha !== undefined) next.set(path, sha);
  }
  const sha = repository.addTree(next);
  return created({
    ...exampleOf('post', '/git/trees'),
    sha,
    truncated: false,
    tree: describeTree(repository, sha),
  });
}

function listPulls(call: Call): Answer {
  const { query, repository, name } = call;
  const head = query.get('head');
  const [owner] = name.split('/');
  const state = query.get('state') ?? 'open';
  return ok(
    repository.pulls
      .filter(
        pull =>
          (head === null || `${pull.fork ?? owner}:${pull.head}` === head) &&
          (query.get('base') ?? pull.base) === pull.base &&
          (state === 'all' || pull.state === state),
      )
      .reverse()
      .map(pull => overlay(exampleOf('get', '/pulls'), pull, call)),
  );
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function created(body: unknown): Answer {
  return { status: 201, body };
}

function describeRef(branch: string, sha: string): Json {
  const example = exampleOf('get', '/git/ref/{ref}');
  return {
    ...example,
    ref: `refs/heads/${branch}`,
    object: { ...(example.object as Json), type: 'commit', sha },
  };
}

function describeCommit(commit: {
  sha: string;
  tree: string;
  parents: string[];
  message: string;
}): Json {
  const example = exampleOf('get', '/git/commits/{commit_sha}');
  const [parent] = example.parents as Json[];
  return {
    ...example,
    sha: commit.sha,
    message: commit.message,
    tree: { ...(example.tree as Json), sha: commit.tree },
    parents: commit.parents.map(sha => ({ ...parent, sha })),
  };
}

function describeTree(repository: GitRepository, sha: string): Json[] {
  return [...repository.tree(sha)].map(([path, blob]) => ({
    path,
    mode: '100644',
    type: 'blob',
    sha: blob,
    size: Buffer.byteLength(repository.blobs.get(blob) ?? ''),
  }));
}

function describePull(pull: Pull, call: Call): Json {
  const example = exampleOf('get', '/pulls/{pull_number}');
  const isClean = call.repository.conflictsOf(pull).length === 0;
  return {
    ...overlay(example, pull, call),
    mergeable: isClean,
    mergeable_state: isClean ? 'clean' : 'dirty',
    merged: pull.mergedAt !== undefined,
    merged_by: pull.mergedAt === undefined ? null : example.merged_by,
  };
}

function overlay(example: Json, pull: Pull, { name, url }: Call): Json {
  return {
    ...example,
    number: pull.number,
    state: pull.state,
    title: pull.title,
    body: pull.body,
    html_url: `${url}/${name}/pull/${pull.number}`,
    created_at: timeOf(pull.createdAt),
    updated_at: timeOf(pull.updatedAt),
    closed_at: pull.state === 'closed' ? timeOf(pull.updatedAt) : null,
    merged_at: pull.mergedAt === undefined ? null : timeOf(pull.mergedAt),
    merge_commit_sha: pull.mergeCommit ?? null,
    // The example's own teams are older than the schema.
    requested_teams: [],
    head: { ...(example.head as Json), ref: pull.head, sha: pull.headSha },
    base: { ...(example.base as Json), ref: pull.base },
  };
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}
