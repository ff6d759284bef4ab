import type { ApiCall } from './forge';
import type { Commit, Pull } from './GitRepository';

type Json = Record<string, unknown>;
type Place = Pick<ApiCall, 'repository' | 'name' | 'url'>;

/** One project per server is enough: nothing is asked for by its number. */
const PROJECT_ID = 4;
const FORK_ID = 5;

/** Every change is made by the token's owner and reviewed by somebody else. */
function describeUser(username: string, { url }: Place): Json {
  return {
    id: username === 'reviewer' ? 2 : 1,
    username,
    name: username,
    state: 'active',
    locked: false,
    avatar_url: null,
    web_url: `${url}/${username}`,
  };
}

/** `API::Entities::Commit` */
function describeCommit(commit: Commit, { name, url }: Place): Json {
  const at = timeOf(commit.at);
  return {
    id: commit.sha,
    short_id: commit.sha.slice(0, 8),
    created_at: at,
    parent_ids: commit.parents,
    title: commit.message.split('\n')[0],
    message: commit.message,
    author_name: 'portal',
    author_email: 'portal@git.invalid',
    authored_date: at,
    committer_name: 'portal',
    committer_email: 'portal@git.invalid',
    committed_date: at,
    trailers: {},
    web_url: `${url}/${name}/-/commit/${commit.sha}`,
  };
}

/** `API::Entities::CommitDetail` */
export function describeCommitDetail(commit: Commit, place: Place): Json {
  return {
    ...describeCommit(commit, place),
    status: null,
    project_id: PROJECT_ID,
    last_pipeline: null,
  };
}

/** `API::Entities::Branch` */
export function describeBranch(branch: string, place: Place): Json {
  const { repository, name, url } = place;
  return {
    name: branch,
    commit: describeCommit(repository.commitOf(branch), place),
    merged: false,
    protected: branch === 'main',
    developers_can_push: false,
    developers_can_merge: false,
    can_push: branch !== 'main',
    default: branch === 'main',
    web_url: `${url}/${name}/-/tree/${branch}`,
  };
}

/** `API::Entities::MergeRequestBasic` */
export function describeMergeRequest(pull: Pull, place: Place): Json {
  const { repository, name, url } = place;
  const isMerged = pull.mergedAt !== undefined;
  const isClosed = pull.state === 'closed' && !isMerged;
  const hasConflicts = repository.conflictsOf(pull).length > 0;
  const reviewer = describeUser('reviewer', place);
  const open = isClosed ? 'closed' : 'opened';
  return {
    id: 80 + pull.number,
    iid: pull.number,
    project_id: PROJECT_ID,
    title: pull.title,
    description: pull.body,
    state: isMerged ? 'merged' : open,
    created_at: timeOf(pull.createdAt),
    updated_at: timeOf(pull.updatedAt),
    merged_by: isMerged ? reviewer : null,
    merge_user: isMerged ? reviewer : null,
    merged_at: pull.mergedAt === undefined ? null : timeOf(pull.mergedAt),
    closed_by: isClosed ? reviewer : null,
    closed_at: isClosed ? timeOf(pull.updatedAt) : null,
    target_branch: pull.base,
    source_branch: pull.head,
    author: describeUser('portal', place),
    assignees: [],
    assignee: null,
    reviewers: [],
    source_project_id: pull.fork ? FORK_ID : PROJECT_ID,
    target_project_id: PROJECT_ID,
    labels: [],
    draft: /^draft:/i.test(pull.title),
    milestone: null,
    merge_status: hasConflicts ? 'cannot_be_merged' : 'can_be_merged',
    detailed_merge_status: hasConflicts ? 'conflict' : 'mergeable',
    sha: pull.headSha,
    merge_commit_sha: pull.mergeCommit ?? null,
    squash_commit_sha: null,
    reference: `!${pull.number}`,
    references: {
      short: `!${pull.number}`,
      relative: `!${pull.number}`,
      full: `${name}!${pull.number}`,
    },
    web_url: `${url}/${name}/-/merge_requests/${pull.number}`,
    squash: false,
    task_completion_status: { count: 0, completed_count: 0 },
    has_conflicts: hasConflicts,
    blocking_discussions_resolved: true,
  };
}

/** `API::Entities::MergeRequest` */
export function describeOneMergeRequest(pull: Pull, place: Place): Json {
  const [start = null] =
    place.repository.commits.get(pull.headSha)?.parents ?? [];
  return {
    ...describeMergeRequest(pull, place),
    subscribed: true,
    changes_count: '1',
    head_pipeline: null,
    diff_refs: { base_sha: start, head_sha: pull.headSha, start_sha: start },
    merge_error: null,
    user: { can_merge: false },
  };
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}
