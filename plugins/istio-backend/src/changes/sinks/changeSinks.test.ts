import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  checkExchange,
  startGitHost,
  type RunningGitHost,
} from '@istio-backstage/sandbox';
import { ChangeSinkError } from '@istio-backstage/plugin-istio-node';
import { FORGES } from './__testUtils__/forges';
import { readLimited } from './readLimited';

const TOKEN = 'canary-token-4711';
const READ_TOKEN = 'canary-reader-0815';
const PATH = 'staging/checkout.yaml';
const TEXT = '\uFEFFkind: VirtualService # ünïcode, kept\r\nspec: {}\r\n';
const ODD = 'staging/a b#c%20d?e.yaml';
const CHANGE = '01JCHANGE';

/** More than one page of GitLab's, and folders between. */
const MANY = Object.fromEntries(
  Array.from({ length: 130 }, (_, index) => [`many/${index}.txt`, 'x']),
);
const FILES = {
  ...MANY,
  [PATH]: TEXT,
  [ODD]: 'odd: true\n',
  'staging/old.yaml': 'old: true\n',
  'README.md': '# Shop',
};

/** What a host says to everything. */
interface Canned {
  status: number;
  headers?: Record<string, string>;
}

/** The same questions to every forge; what differs is only how it is spoken to. */
describe.each(FORGES)('changes proposed at $name', forge => {
  let host: RunningGitHost;
  let canned: Server;
  let answer: Canned;

  beforeAll(async () => {
    canned = createServer((_request, response) => {
      response
        .writeHead(answer.status, {
          'content-type': 'application/json',
          ...answer.headers,
        })
        .end(JSON.stringify({ message: `no, ${TOKEN}` }));
    });
    await new Promise<void>(resolve => {
      canned.listen(0, '127.0.0.1', resolve);
    });
  });
  afterAll(
    () =>
      new Promise(resolve => {
        canned.close(resolve);
      }),
  );

  beforeEach(async () => {
    host = await startGitHost({
      repositories: { [forge.repo]: FILES },
      port: 0,
      token: TOKEN,
      readToken: READ_TOKEN,
    });
  });
  // Whatever a test did: the forge's published API has it.
  afterEach(async () => {
    const problems = host.exchanges.flatMap(checkExchange);
    await host.close();
    if (problems.length > 0) throw new Error(problems.join('\n'));
  });

  const open = (branch = 'main') => {
    const sink = forge.sinkOf(host, TOKEN);
    const repository = forge.repositoryAt(host);
    const store = host.repositories.get(forge.repo)!;
    const place = {
      repository,
      branch,
      proposalBranch: `istio-portal/${CHANGE}`,
    };
    return {
      sink,
      repository,
      store,
      place,
      read: () =>
        sink.read({ ...place, accepts: path => path.endsWith('.yaml') }),
      request: (more = {}) => ({
        ...place,
        baseCommit: store.commitOf(branch).sha,
        files: [{ path: PATH, text: TEXT.replace('{}', '{ a: 1 }') }],
        message: `Title\n\nReason\n\nIstio-Portal-Change: ${CHANGE}\n`,
        title: 'Title',
        body: `Text\n\nIstio-Portal-Change: ${CHANGE}`,
        ...more,
      }),
    };
  };
  const failureOf = async (asked: Promise<unknown>): Promise<Error> => {
    const error = await asked.then(
      () => new Error('it did not fail'),
      (failure: Error) => failure,
    );
    expect(error.message).not.toContain('canary');
    return error;
  };

  it('serves the repositories of its host only, and says what it is', () => {
    const { sink, repository } = open();
    expect(sink).toMatchObject({ name: forge.name, kind: forge.kind });
    expect(sink.serves(repository)).toBe(true);
    expect(sink.serves(`https://elsewhere.example/${forge.repo}`)).toBe(false);
  });

  it('reads the head of a branch: the files asked for, byte by byte, and each content once', async () => {
    const { read, store } = open();
    store.createBranch('other', store.commitOf('main').sha);
    const { commit, files } = await read();
    expect(commit).toBe(store.commitOf('main').sha);
    expect(
      Object.fromEntries(files.map(each => [each.path, each.text])),
    ).toEqual({
      [PATH]: TEXT,
      [ODD]: 'odd: true\n',
      'staging/old.yaml': 'old: true\n',
    });
    store.push('main', PATH, 'kind: Gateway\n');
    const { read: again, sink } = open();
    const first = await again();
    const asked = host.exchanges.length;
    store.push('main', 'README.md', '# Shop, newer');
    const second = await sink.read({
      ...open().place,
      accepts: path => path === PATH,
    });
    expect(first.files).toContainEqual({ path: PATH, text: 'kind: Gateway\n' });
    expect(second.files).toEqual([{ path: PATH, text: 'kind: Gateway\n' }]);
    expect(
      host.exchanges
        .slice(asked)
        .filter(({ path }) => path.includes('/blobs/')),
    ).toEqual([]);
  });

  it('makes one branch with one commit and one proposal, also when it is asked again', async () => {
    const { sink, request, store, place } = open();
    const before = store.files('main');
    const asked = request({
      files: [
        { path: PATH, text: TEXT.replace('{}', '{ a: 1 }') },
        { path: 'staging/new/größe.yaml', text: 'new: true\r\n' },
        { path: ODD, text: 'odd: false\n' },
        { path: 'staging/old.yaml' },
      ],
    });
    expect(await sink.find(place)).toBeUndefined();
    const proposed = await sink.propose(asked);
    expect(proposed).toEqual({
      number: 1,
      url: forge.pageAt(host, 1),
      state: 'open',
    });
    expect(await sink.propose(asked)).toEqual(proposed);
    expect(await sink.find(place)).toEqual(proposed);
    expect(store.pulls).toHaveLength(1);
    const { parents, message } = store.commitOf(place.proposalBranch);
    expect(parents).toEqual([asked.baseCommit]);
    expect(message).toBe(asked.message);
    const expected = new Map(before)
      .set(PATH, TEXT.replace('{}', '{ a: 1 }'))
      .set('staging/new/größe.yaml', 'new: true\r\n')
      .set(ODD, 'odd: false\n');
    expected.delete('staging/old.yaml');
    expect(store.files(place.proposalBranch)).toEqual(expected);
    expect(store.files('main')).toEqual(before);
    expect(store.pull(1)).toMatchObject({
      title: 'Title',
      body: asked.body,
      base: 'main',
    });
  });

  it('goes on where it was: the branch pushed, nothing opened', async () => {
    const { sink, request, store, place } = open();
    await sink.propose(request());
    store.pulls.length = 0;
    expect(await sink.find(place)).toBeUndefined();
    expect(await sink.propose(request())).toMatchObject({ state: 'open' });
    expect(store.pulls).toHaveLength(1);
  });

  it('knows branches of any name', async () => {
    const branch = 'release/1.x #main%2F';
    const { store } = open();
    store.createBranch(branch, store.commitOf('main').sha);
    store.push(branch, PATH, 'kind: Gateway\n');
    const { sink, request, read, place } = open(branch);
    const { files, commit } = await read();
    expect(commit).toBe(store.commitOf(branch).sha);
    expect(files).toContainEqual({ path: PATH, text: 'kind: Gateway\n' });
    await sink.propose(request());
    expect(store.pull(1)).toMatchObject({ base: branch });
    expect(await sink.find(place)).toMatchObject({ number: 1 });
    expect(await sink.find({ ...place, branch: 'main' })).toBeUndefined();
  });

  it("does not take a fork's proposal for its own", async () => {
    const { sink, request, store, place } = open();
    store.createBranch('theirs', store.commitOf('main').sha);
    store.push('theirs', PATH, 'kind: Gateway\n');
    Object.assign(
      store.openPull({ title: 'x', body: '', head: 'theirs', base: 'main' }),
      { head: place.proposalBranch, fork: 'mallory' },
    );
    expect(await sink.find(place)).toBeUndefined();
    expect(await sink.propose(request())).toMatchObject({ number: 2 });
  });

  it('follows to merged and closed with who did it, and closes', async () => {
    const { sink, request, repository, store } = open();
    const { number } = await sink.propose(request());
    const look = () => sink.look({ repository, number });
    expect(await look()).toMatchObject({ state: 'open' });
    expect(await look()).toMatchObject({ state: 'open' });
    await host.merge(forge.repo, number);
    expect(await look()).toEqual({
      number,
      url: forge.pageAt(host, number),
      state: 'merged',
      mergeCommit: store.commitOf('main').sha,
      by: expect.any(String),
    });
    const second = await sink.propose(
      request({ proposalBranch: 'istio-portal/two' }),
    );
    await sink.close({ repository, number: second.number });
    expect(
      await sink.look({ repository, number: second.number }),
    ).toMatchObject({ state: 'closed' });
    expect(store.pull(second.number).state).toBe('closed');
  });

  it('tells when the file changed meanwhile so that it cannot be merged', async () => {
    const { sink, request, repository, store } = open();
    const { number } = await sink.propose(request());
    store.push('main', 'README.md', 'elsewhere');
    expect(await sink.look({ repository, number })).not.toHaveProperty(
      'hasConflicts',
    );
    store.push('main', PATH, 'kind: Gateway\n');
    expect(await sink.look({ repository, number })).toMatchObject({
      state: 'open',
      hasConflicts: true,
    });
    await expect(host.merge(forge.repo, number)).rejects.toThrow(PATH);
  });

  it.each<[what: string, token: string | undefined, said: RegExp]>([
    [
      'a token that is wrong',
      'canary-wrong',
      /answered 401: .*Renew the token of 127.0.0.1:\d+ in integrations\.git(hub|lab)$/,
    ],
    [
      'no token',
      undefined,
      /there is no token for 127.0.0.1:\d+: set one in integrations\.git(hub|lab) that has/,
    ],
  ])('says what to do about %s', async (_what, token, said) => {
    const { place } = open();
    const error = await failureOf(
      forge.sinkOf(host, token).read({ ...place, accepts: () => true }),
    );
    expect(error).toBeInstanceOf(ChangeSinkError);
    expect(error.message).toMatch(said);
  });

  it('says what to do about missing rights', async () => {
    const { request, read, store } = open();
    await read();
    const error = await failureOf(
      forge.sinkOf(host, READ_TOKEN).propose(request()),
    );
    expect(error).toBeInstanceOf(ChangeSinkError);
    expect(error.message).toMatch(/^answered 403: .*Give the token of /);
    expect(error.message).toContain(` in ${forge.repo}`);
    expect([...store.branches.keys()]).toEqual(['main']);
  });

  it('says what is not there: project, branch, commit', async () => {
    const { sink, place, request } = open();
    const read = (more: object) =>
      failureOf(sink.read({ ...place, accepts: () => true, ...more }));
    const missing = await read({
      repository: forge.repositoryAt(host, 'acme/nothing'),
    });
    expect(missing).toBeInstanceOf(ChangeSinkError);
    expect(missing.message).toContain('acme/nothing');
    const branch = await read({ branch: 'nowhere' });
    expect(branch).toBeInstanceOf(ChangeSinkError);
    expect(branch.message).toContain(
      `the token sees no branch nowhere in ${forge.repo}`,
    );
    const commit = await failureOf(
      sink.propose(request({ baseCommit: 'f'.repeat(40) })),
    );
    expect(commit).toBeInstanceOf(ChangeSinkError);
    expect(commit.message).toMatch(/commit ffffffff .* is gone; ask for/);
  });

  it("does not touch somebody else's branch of the same name", async () => {
    const { sink, request, store, place } = open();
    store.createBranch(place.proposalBranch, store.commitOf('main').sha);
    const error = await failureOf(sink.propose(request()));
    expect(error).toBeInstanceOf(ChangeSinkError);
    expect(error.message).toMatch(
      /^the branch istio-portal\/01JCHANGE is there already .*delete it/,
    );
    expect(store.pulls).toEqual([]);
  });

  it('refuses what is not the address of a repository', async () => {
    const { sink, place } = open();
    for (const repository of [
      host.url,
      `${host.url}/acme`,
      `${forge.repositoryAt(host)}/-/tree/main`,
    ]) {
      const error = await failureOf(
        sink.read({ ...place, repository, accepts: () => true }),
      );
      expect(error).toBeInstanceOf(ChangeSinkError);
      expect(error.message).toMatch(/is not the address of a/);
    }
    expect(host.exchanges).toEqual([]);
  });

  it('says that nobody answers, and would ask again', async () => {
    const { sink, place } = open();
    await host.close();
    const error = await failureOf(sink.find(place));
    expect(error).not.toBeInstanceOf(ChangeSinkError);
    expect(error.message).toMatch(/^http:.* does not answer: ECONNREFUSED$/);
  });

  it.each<[what: string, given: Canned, isFinal: boolean]>([
    ['an outage', { status: 502 }, false],
    ['too many requests', { status: 429 }, false],
    ['a limit', { status: 403, headers: { 'retry-after': '1' } }, false],
    ['a refusal', { status: 400 }, true],
    ['a move', { status: 302, headers: { location: '/login' } }, false],
  ])('gives up on %s only if it stays', async (_what, given, isFinal) => {
    answer = given;
    const { port } = canned.address() as AddressInfo;
    const address = { url: `http://127.0.0.1:${port}` };
    const error = await failureOf(
      forge.sinkOf(address, TOKEN).look({
        repository: forge.repositoryAt(address),
        number: 1,
      }),
    );
    expect(error instanceof ChangeSinkError).toBe(isFinal);
    expect(error.message).toMatch(
      given.status === 302
        ? /answered with a redirect, which is not followed/
        : new RegExp(`^answered ${given.status}: `),
    );
  });
});

describe('a merge request at GitLab', () => {
  it('carries out nothing that a person wrote into it', async () => {
    const forge = FORGES.find(({ name }) => name === 'GitLab')!;
    const host = await startGitHost({
      repositories: { [forge.repo]: FILES },
      port: 0,
      token: TOKEN,
    });
    const store = host.repositories.get(forge.repo)!;
    await forge.sinkOf(host, TOKEN).propose({
      repository: forge.repositoryAt(host),
      branch: 'main',
      baseCommit: store.commitOf('main').sha,
      proposalBranch: 'istio-portal/one',
      files: [{ path: PATH, text: 'a: 1\n' }],
      message: 'x',
      title: 'x',
      body: 'See https://a.example/b\n/merge\n  /approve\nand /close',
    });
    await host.close();
    expect(store.pull(1).body).toBe(
      'See https://a.example/b\n\\/merge\n  \\/approve\nand /close',
    );
  });
});

describe('files that could not be sent back as they were', () => {
  it('are left out: not UTF-8, or too large', async () => {
    const contents: Record<string, Uint8Array> = {
      fine: Buffer.from('a: 1\n'),
      latin1: Buffer.from('name: größe', 'latin1'),
      large: new Uint8Array(1_000_001),
    };
    const files = await readLimited({
      entries: Object.keys(contents).map(id => ({ path: id, id })),
      cache: new Map(),
      fetch: async id => contents[id],
    });
    expect(files.filter(({ text }) => text !== '')).toEqual([
      { path: 'fine', text: 'a: 1\n' },
    ]);
  });
});
