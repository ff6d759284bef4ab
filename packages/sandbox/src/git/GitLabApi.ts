import { z } from 'zod';
import {
  describeBranch,
  describeCommitDetail,
  describeMergeRequest,
  describeOneMergeRequest,
} from './describeGitLab';
import { answerBy, type Route } from './answerBy';
import type { Answer, ApiCall, ApiRequest } from './forge';
import { GitRefusal } from './GitRepository';

const actionSchema = z.object({
  action: z.enum(['create', 'update', 'delete']),
  file_path: z.string(),
  content: z.string().default(''),
  encoding: z.enum(['text', 'base64']).default('text'),
});
const commitSchema = z.object({
  branch: z.string(),
  commit_message: z.string(),
  start_sha: z.string(),
  actions: z.array(actionSchema),
});
const mergeRequestSchema = z.object({
  title: z.string(),
  description: z.string().default(''),
  source_branch: z.string(),
  target_branch: z.string(),
});
const closeSchema = z.object({ state_event: z.literal('close') });

/** Says no in GitLab's words. */
class GitLabRefusal extends Error {
  constructor(readonly status: number, readonly said: string | string[]) {
    super(String(said));
  }
}

/** GitLab's REST API, as far as merge requests of edited files need it. Source: docs.gitlab.com/api. */
const ROUTES: Route[] = [
  [
    'GET',
    /^\/repository\/branches\/([^/]+)$/,
    call => {
      const { repository, found } = call;
      if (!repository.branches.has(found)) {
        throw new GitLabRefusal(404, '404 Branch Not Found');
      }
      return ok(describeBranch(found, call));
    },
  ],
  ['GET', /^\/repository\/tree$/, listTree],
  [
    'GET',
    /^\/repository\/blobs\/(\w+)\/raw$/,
    ({ repository, found }) => {
      const text = repository.blobs.get(found);
      if (text === undefined) {
        throw new GitLabRefusal(404, '404 Blob Not Found');
      }
      return { ...ok(text), headers: { 'content-type': 'text/plain' } };
    },
  ],
  ['POST', /^\/repository\/commits$/, createCommit],
  ['GET', /^\/merge_requests$/, listMergeRequests],
  ['POST', /^\/merge_requests$/, createMergeRequest],
  [
    'GET',
    /^\/merge_requests\/(\d+)$/,
    call =>
      ok(
        describeOneMergeRequest(call.repository.pull(Number(call.found)), call),
      ),
  ],
  [
    'PUT',
    /^\/merge_requests\/(\d+)$/,
    call => {
      closeSchema.parse(call.body);
      const closed = call.repository.close(Number(call.found));
      return ok(describeOneMergeRequest(closed, call));
    },
  ],
];

/** Undefined where the API has no such operation. */
export function answerGitLab(request: ApiRequest): Answer | undefined {
  return answerBy({ routes: ROUTES, refuse }, request);
}

function refuse(error: unknown): Answer {
  if (error instanceof GitLabRefusal) {
    return { status: error.status, body: { message: error.said } };
  }
  if (error instanceof GitRefusal) {
    return {
      status: error.status,
      body: { message: `${error.status} ${error.message}` },
    };
  }
  if (error instanceof z.ZodError) {
    const said = error.issues.map(({ path }) => `${path.join('.')} is invalid`);
    return { status: 400, body: { error: said.join(', ') } };
  }
  throw error;
}

/** Folders too, page by page, as the real one does. */
function listTree(call: ApiCall): Answer {
  const { repository, query, url, name } = call;
  const commit = repository.commits.get(query.get('ref') ?? '');
  if (!commit) throw new GitLabRefusal(404, '404 Tree Not Found');
  const all = [...repository.tree(commit.tree)].flatMap(([path, id]) => {
    const parts = path.split('/');
    const folders = parts.slice(0, -1).map((folder, index) => ({
      id: commit.tree,
      name: folder,
      type: 'tree',
      path: parts.slice(0, index + 1).join('/'),
      mode: '040000',
    }));
    const file = { id, name: parts.at(-1), type: 'blob', path, mode: '100644' };
    return [...folders, file];
  });
  const entries = [...new Map(all.map(each => [each.path, each])).values()];
  const perPage = Number(query.get('per_page') ?? 20);
  const start =
    entries.findIndex(({ path }) => path === query.get('page_token')) + 1;
  const page = entries.slice(start, start + perPage);
  const next = new URLSearchParams(query);
  next.set('page_token', page.at(-1)?.path ?? '');
  const address = `${url}/api/v4/projects/${encodeURIComponent(
    name,
  )}/repository/tree`;
  return {
    ...ok(page),
    headers:
      start + perPage < entries.length
        ? { link: `<${address}?${next}>; rel="next"` }
        : {},
  };
}

function createCommit(call: ApiCall): Answer {
  const { repository, body } = call;
  const {
    branch,
    commit_message: message,
    start_sha: start,
    actions,
  } = commitSchema.parse(body);
  if (repository.branches.has(branch)) {
    throw new GitLabRefusal(
      400,
      `A branch called '${branch}' already exists. Switch to that branch in order to make changes`,
    );
  }
  const base = repository.commits.get(start);
  if (!base) throw new GitLabRefusal(400, `Cannot find start_sha '${start}'`);
  const tree = new Map(repository.tree(base.tree));
  for (const { action, file_path: path, content, encoding } of actions) {
    if (action === 'create' && tree.has(path)) {
      throw new GitLabRefusal(400, 'A file with this name already exists');
    }
    if (action !== 'create' && !tree.has(path)) {
      throw new GitLabRefusal(400, "A file with this name doesn't exist");
    }
    if (action === 'delete') tree.delete(path);
    else {
      const text =
        encoding === 'base64'
          ? Buffer.from(content, 'base64').toString()
          : content;
      tree.set(path, repository.addBlob(text));
    }
  }
  const commit = repository.commit({
    tree: repository.addTree(tree),
    parents: [base.sha],
    message,
  });
  repository.createBranch(branch, commit.sha);
  return created(describeCommitDetail(commit, call));
}

function listMergeRequests(call: ApiCall): Answer {
  const { query, repository } = call;
  const state = query.get('state') ?? 'all';
  return ok(
    repository.pulls
      .map(pull => ({ pull, shown: describeMergeRequest(pull, call) }))
      .filter(
        ({ pull, shown }) =>
          (query.get('source_branch') ?? pull.head) === pull.head &&
          (query.get('target_branch') ?? pull.base) === pull.base &&
          (state === 'all' || shown.state === state),
      )
      .reverse()
      .map(({ shown }) => shown),
  );
}

function createMergeRequest(call: ApiCall): Answer {
  const { repository, body } = call;
  const asked = mergeRequestSchema.parse(body);
  const present = repository.openPullOf(asked.source_branch);
  if (present) {
    throw new GitLabRefusal(409, [
      `Another open merge request already exists for this source branch: !${present.number}`,
    ]);
  }
  const pull = repository.openPull({
    title: asked.title,
    body: asked.description,
    head: asked.source_branch,
    base: asked.target_branch,
  });
  return created(describeOneMergeRequest(pull, call));
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function created(body: unknown): Answer {
  return { status: 201, body };
}
