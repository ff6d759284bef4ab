import { checkExchange } from '@istio-backstage/sandbox';
import type { ChangeHarness } from '../__testUtils__/ChangeHarness';
import {
  PATH,
  REPO,
  sync,
  TOKEN,
  useGitMesh,
} from './__testUtils__/useGitMesh';
import { sinkOf } from './__testUtils__/sinkOf';

jest.setTimeout(30_000);

describe('a change of an object that Argo CD applies from Git', () => {
  const prepare = useGitMesh();

  const texts = async (harness: ChangeHarness, id: string) =>
    (await harness.get(id)).events.map(({ kind, text }) => `${kind}: ${text}`);

  it('becomes a pull request, is followed to merged and applied, and the log holds every step', async () => {
    const { harness, mesh, host, repository } = await prepare();
    const request = await harness.request([60, 40, 0]);
    const preview = await harness.service.preview(
      request,
      harness.as('mira.kovac'),
    );
    expect(preview).toMatchObject({
      apply: { allowed: true },
      proposal: {
        owner: 'Argo CD application shop',
        host: 'GitHub',
        baseBranch: 'main',
        files: [{ path: PATH }],
      },
    });
    const change = await harness.service.submit(
      { ...request, ticket: 'SHOP-7' },
      harness.as('mira.kovac'),
    );
    expect(change).toMatchObject({
      state: 'proposed',
      proposal: { number: 1, url: `${host.url}/${REPO}/pull/1` },
    });
    expect(mesh.writes).toEqual([]);

    const pull = repository.pull(1);
    expect(pull.head).toBe(`istio-portal/${change.id}`);
    for (const part of [
      'mira.kovac',
      'Next canary step',
      'SHOP-7',
      `Istio-Portal-Change: ${change.id}`,
      `https://portal.example/catalog/default/component/reviews/mesh/changes?change=${change.id}`,
    ]) {
      expect(pull.body).toContain(part);
    }
    const before = repository.files('main').get(PATH)!.split('\n');
    const after = repository.files(pull.head).get(PATH)!.split('\n');
    expect(after).toHaveLength(before.length);
    expect(after.filter((line, index) => line !== before[index])).toEqual([
      expect.stringContaining('"weight": 60'),
      expect.stringContaining('"weight": 40'),
    ]);

    harness.start();
    await host.merge(REPO, 1);
    const merged = await harness.reaches(change.id, 'merged');
    expect(merged.revert).toMatchObject({ possible: false });
    await harness.untilTrue(
      async () =>
        (await harness.get(change.id)).waitingFor ===
        'Argo CD application shop has not applied it in prod-eu yet',
    );
    await sync(mesh, [60, 40, 0]);
    await harness.untilTrue(async () =>
      (
        await texts(harness, change.id)
      ).some(text => text.startsWith('observed')),
    );
    expect((await harness.get(change.id)).waitingFor ?? '').not.toContain(
      'has not applied',
    );
    expect((await texts(harness, change.id)).slice(0, 5)).toEqual([
      'requested: Requested',
      'proposed: Proposed as pull request 1',
      expect.stringMatching(/^merged: Merged by \S+ at GitHub$/),
      'applied: Applied by Argo CD application shop in prod-eu',
      'observed: Seen by the watches of prod-eu',
    ]);
    expect(mesh.writes).toEqual([]);

    const entries = await harness.auditLog.list({ opIds: [change.id] });
    expect(entries.map(({ kind }) => kind).slice(0, 3)).toEqual([
      'intent',
      'intent',
      'proposed',
    ]);
    expect(JSON.stringify(entries)).not.toContain(TOKEN);
    expect(host.exchanges.flatMap(checkExchange)).toEqual([]);
    expect(host.exchanges.length).toBeGreaterThan(8);
  });

  it('is declined when the pull request is closed, and cancelled by closing it', async () => {
    const { harness, repository } = await prepare();
    harness.start();
    const first = await harness.shift([60, 40, 0]);
    repository.close(1);
    const declined = await harness.reaches(first.id, 'declined');
    expect(declined.events.at(-1)?.text).toBe(
      'The pull request was closed without a merge',
    );
    const second = await harness.shift([60, 40, 0]);
    await harness.approvals.cancel(
      second.id,
      { reason: 'Not today' },
      harness.as('mira.kovac'),
    );
    expect(repository.pull(2).state).toBe('closed');
    expect((await harness.get(second.id)).state).toBe('cancelled');
  });

  it('goes on after a crash between any two requests: one branch, one pull request', async () => {
    const { harness, repository, host, knex } = await prepare();
    for (const lost of ['commits', 'refs', 'pulls']) {
      const sink = sinkOf(host, TOKEN);
      const propose = sink.propose.bind(sink);
      // The process ends after GitHub did this part and before its answer is written down.
      sink.propose = async request => {
        if (lost === 'pulls') await propose(request);
        if (lost === 'refs') {
          const head = repository.commitOf('main');
          const { sha } = repository.commit({
            tree: head.tree,
            parents: [head.sha],
            message: request.message,
          });
          repository.createBranch(request.proposalBranch, sha);
        }
        throw new Error('the process ended');
      };
      harness.git = { ...harness.git!, sinks: [sink] };
      await harness.stop();
      await harness.open();
      const change = await harness.shift([60, 40, 0]);
      expect(change).toMatchObject({ state: 'proposed' });
      expect(change.proposal?.number).toBeUndefined();

      await harness.stop();
      harness.git = { ...harness.git!, sinks: [sinkOf(host, TOKEN)] };
      await knex('mesh_change').update({ lease_until: 1 });
      await harness.open();
      harness.start();
      await harness.untilTrue(
        async () =>
          (await harness.get(change.id)).proposal?.number !== undefined,
      );
      const mine = repository.pulls.filter(({ head }) =>
        head.endsWith(change.id),
      );
      expect(mine).toHaveLength(1);
      expect(
        (await texts(harness, change.id)).filter(text =>
          text.startsWith('proposed'),
        ),
      ).toHaveLength(1);
      repository.close(mine[0].number);
      await harness.reaches(change.id, 'declined');
    }
  });

  it('is made anew when the file moved on, and not at all when it says something else by then', async () => {
    const { harness, repository, knex } = await prepare();
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const schedule = async () =>
      harness.service.submit(
        { ...(await harness.request([60, 40, 0])), applyAt: later },
        harness.as('mira.kovac'),
      );
    const due = (id: string) =>
      knex('mesh_change').where({ id }).update({ apply_at: 1 });
    await harness.stop();
    await harness.open({ timerSeconds: 0.1 });
    harness.start();
    const moved = await schedule();
    const text = repository.files('main').get(PATH)!;
    repository.push('main', PATH, `# A new first line\n${text}`);
    await due(moved.id);
    await harness.untilTrue(
      async () => (await harness.get(moved.id)).proposal?.number !== undefined,
    );
    expect(repository.files(repository.pull(1).head).get(PATH)).toMatch(
      /^# A new first line\n[^]*"weight": 60/,
    );
    const changed = await schedule();
    repository.push(
      'main',
      PATH,
      text.replace(/"weight": \d+/, '"weight": 33'),
    );
    await due(changed.id);
    const ended = await harness.reaches(changed.id, 'superseded');
    expect(ended.events.at(-1)?.text).toMatch(
      /^Not proposed: catalog\/reviews\.yaml and prod-eu differ in spec\.http\[0\]/,
    );
  });

  it('is refused with the owner and the reason where the file cannot be edited', async () => {
    const { harness, repository } = await prepare();
    repository.push(
      'main',
      PATH,
      'weight: {{ .Values.weight }} # VirtualService reviews',
    );
    const request = { entityRef: 'component:default/reviews' };
    const { intent } = await harness.request([60, 40, 0]);
    const preview = await harness.service.preview(
      { ...request, intent },
      harness.as('mira.kovac'),
    );
    expect(preview.proposal).toBeUndefined();
    expect(preview.apply.reasons).toEqual([
      'VirtualService catalog/reviews in prod-eu is managed by Argo CD application shop. Change it in the Git source it comes from. It cannot be proposed there from here: catalog/reviews.yaml is a template; change its values by hand',
    ]);
  });

  it('says why when the host does not answer, without its token, and sends nothing elsewhere', async () => {
    const { harness, host } = await prepare();
    const intentOf = async () => (await harness.request([60, 40, 0])).intent;
    const intent = await intentOf();
    const reasonsOf = async () =>
      (
        await harness.service.preview(
          { entityRef: 'component:default/reviews', intent },
          harness.as('mira.kovac'),
        )
      ).apply.reasons.join();
    await harness.stop();
    harness.git = { ...harness.git!, sinks: [sinkOf(host, `wrong-${TOKEN}`)] };
    await harness.open();
    const reasons = await reasonsOf();
    expect(reasons).toContain(
      'could not be read: answered 401: Bad credentials',
    );
    expect(reasons).not.toContain(TOKEN);
    await harness.stop();
    harness.git = { ...harness.git!, sinks: [] };
    await harness.open();
    expect(await reasonsOf()).toContain('No credentials are configured for');
  });
});
