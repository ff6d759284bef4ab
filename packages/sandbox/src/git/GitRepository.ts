import { createHash } from 'node:crypto';

/** A commit with the whole tree it stands for: path to blob. */
export interface Commit {
  sha: string;
  tree: string;
  parents: string[];
  message: string;
  /** Epoch milliseconds. */
  at: number;
}

export interface Pull {
  number: number;
  title: string;
  body: string;
  head: string;
  base: string;
  headSha: string;
  /** Whose copy of the repository the branch is in, where it is not this one. */
  fork?: string;
  state: 'open' | 'closed';
  mergedAt?: number;
  mergeCommit?: string;
  /** Counts up with each step; its ETag. */
  revision: number;
  /** Epoch milliseconds. */
  createdAt: number;
  updatedAt: number;
}

type Tree = ReadonlyMap<string, string>;

/** What a request asks for is not there, or is there already. */
export class GitRefusal extends Error {
  constructor(readonly status: 403 | 404 | 405 | 409 | 422, message: string) {
    super(message);
  }
}

/** A Git repository in memory, as far as a Git host's API shows one: blobs, trees, commits, branches, pull requests. */
export class GitRepository {
  readonly blobs = new Map<string, string>();
  readonly commits = new Map<string, Commit>();
  readonly branches = new Map<string, string>();
  readonly pulls: Pull[] = [];
  private readonly trees = new Map<string, Tree>();

  constructor(
    files: Record<string, string>,
    private readonly now: () => number,
  ) {
    const tree = this.addTree(
      new Map(
        Object.entries(files).map(([path, text]) => [path, this.addBlob(text)]),
      ),
    );
    const { sha } = this.commit({ tree, parents: [], message: 'First files' });
    this.branches.set('main', sha);
  }

  addBlob(text: string): string {
    const sha = hash('blob', text);
    this.blobs.set(sha, text);
    return sha;
  }

  addTree(tree: Tree): string {
    const sha = hash('tree', JSON.stringify([...tree].sort()));
    this.trees.set(sha, tree);
    return sha;
  }

  tree(sha: string): Tree {
    return find(this.trees.get(sha), 'tree');
  }

  commit(options: {
    tree: string;
    parents: string[];
    message: string;
  }): Commit {
    const at = this.now();
    const sha = hash('commit', JSON.stringify({ ...options, at }));
    const commit = { ...options, sha, at };
    this.commits.set(sha, commit);
    return commit;
  }

  commitOf(branch: string): Commit {
    const sha = find(this.branches.get(branch), 'branch');
    return find(this.commits.get(sha), 'commit');
  }

  /** Texts by path at a branch's head. */
  files(branch: string): Map<string, string> {
    const tree = this.tree(this.commitOf(branch).tree);
    return new Map(
      [...tree].map(([path, sha]) => [path, this.blobs.get(sha) ?? '']),
    );
  }

  /** A commit on a branch by somebody else; without a text the file goes. */
  push(branch: string, path: string, text: string | undefined): void {
    const head = this.commitOf(branch);
    const tree = new Map(this.tree(head.tree));
    if (text === undefined) tree.delete(path);
    else tree.set(path, this.addBlob(text));
    const { sha } = this.commit({
      tree: this.addTree(tree),
      parents: [head.sha],
      message: `Edit ${path}`,
    });
    this.branches.set(branch, sha);
  }

  createBranch(name: string, sha: string): void {
    if (this.branches.has(name)) {
      throw new GitRefusal(422, 'Reference already exists');
    }
    find(this.commits.get(sha), 'commit');
    this.branches.set(name, sha);
  }

  /** The open proposal of a branch of this repository. */
  openPullOf(branch: string): Pull | undefined {
    return this.pulls.find(
      ({ head, state, fork }) => head === branch && state === 'open' && !fork,
    );
  }

  openPull(
    options: Pick<Pull, 'title' | 'body' | 'head' | 'base' | 'fork'>,
  ): Pull {
    if (!options.fork && this.openPullOf(options.head)) {
      throw new GitRefusal(
        422,
        'A pull request already exists for this branch',
      );
    }
    const at = this.now();
    const pull: Pull = {
      ...options,
      number: this.pulls.length + 1,
      headSha: this.commitOf(options.head).sha,
      state: 'open',
      revision: 1,
      createdAt: at,
      updatedAt: at,
    };
    this.commitOf(options.base);
    this.pulls.push(pull);
    return pull;
  }

  pull(number: number): Pull {
    return find(this.pulls[number - 1], 'pull request');
  }

  close(number: number): Pull {
    return this.step(this.pull(number), { state: 'closed' });
  }

  /** Files that the base changed too since an open proposal started. */
  conflictsOf(pull: Pull): string[] {
    if (pull.state !== 'open') return [];
    const { base, changes } = this.changesOf(pull);
    const tree = this.tree(base.tree);
    return changes
      .filter(({ path, from }) => tree.get(path) !== from)
      .map(({ path }) => path);
  }

  /** File by file: what the proposal changed against where it started is what the base gets. */
  merge(number: number): Pull {
    const pull = this.pull(number);
    if (pull.state !== 'open') {
      throw new GitRefusal(405, 'The pull request is not open');
    }
    const [conflict] = this.conflictsOf(pull);
    if (conflict !== undefined) {
      throw new GitRefusal(409, `${conflict} was changed on ${pull.base} too`);
    }
    const { base, head, changes } = this.changesOf(pull);
    const tree = new Map(this.tree(base.tree));
    for (const { path, to } of changes) {
      if (to === undefined) tree.delete(path);
      else tree.set(path, to);
    }
    const { sha } = this.commit({
      tree: this.addTree(tree),
      parents: [base.sha, head.sha],
      message: `Merge pull request #${number}\n\n${pull.title}`,
    });
    this.branches.set(pull.base, sha);
    return this.step(pull, {
      state: 'closed',
      mergedAt: this.now(),
      mergeCommit: sha,
    });
  }

  /** What differs, blob by path, between where a proposal started and where it is. */
  private changesOf(pull: Pull) {
    const head = find(this.commits.get(pull.headSha), 'commit');
    const start = find(this.commits.get(head.parents[0]), 'commit');
    const before = this.tree(start.tree);
    const after = this.tree(head.tree);
    const changes = [...new Set([...before.keys(), ...after.keys()])]
      .map(path => ({ path, from: before.get(path), to: after.get(path) }))
      .filter(({ from, to }) => from !== to);
    return { base: this.commitOf(pull.base), head, changes };
  }

  private step(pull: Pull, change: Partial<Pull>): Pull {
    return Object.assign(pull, change, {
      revision: pull.revision + 1,
      updatedAt: this.now(),
    });
  }
}

function find<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new GitRefusal(404, `No such ${what}`);
  return value;
}

/** As Git names objects: SHA-1 over kind, length and content. */
function hash(kind: string, content: string): string {
  const bytes = Buffer.from(content);
  return createHash('sha1')
    .update(`${kind} ${bytes.length}\0`)
    .update(bytes)
    .digest('hex');
}
