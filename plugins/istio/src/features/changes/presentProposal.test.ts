import { buildChange, buildPreview } from './__fixtures__/changes';
import { presentOutcome } from './presentOutcome';
import { presentProgress } from './presentProgress';
import { proposalHref } from './presentProposal';
import { resolveApplyGate } from './resolveApplyGate';

const proposal = {
  kind: 'pullRequest' as const,
  host: 'GitHub',
  owner: 'Argo CD application shop',
  repository: 'https://github.com/acme/shop-config',
  baseBranch: 'main',
  baseCommit: 'abc',
  files: [],
};
const opened = {
  ...proposal,
  number: 7,
  url: 'https://github.com/acme/shop-config/pull/7',
};
const event = (kind: 'proposed' | 'merged' | 'declined', text: string) => ({
  kind,
  text,
  at: '2026-01-05T10:00:00Z',
});

const steps = (change: Parameters<typeof buildChange>[0]) =>
  presentProgress(buildChange(change)).map(
    ({ status, label, detail }) =>
      `${status}: ${label}${detail ? ` (${detail})` : ''}`,
  );

describe('a change that goes through Git', () => {
  it('says on the button what pressing it does, and why', () => {
    const gate = resolveApplyGate({
      reason: 'Payments needs more time',
      ticket: '',
      applyAt: '',
      expiresAt: '',
      preview: { kind: 'ready', preview: { ...buildPreview(), proposal } },
    } as Parameters<typeof resolveApplyGate>[0]);
    expect(gate).toMatchObject({ open: true, verb: 'Propose a pull request' });
    expect(gate.text).toBe(
      'Argo CD application shop applies this from Git. A pull request is opened in acme/shop-config for main; nothing changes in the cluster until it is merged.',
    );
  });

  it('shows the way from the pull request to the cluster', () => {
    expect(
      steps({
        state: 'proposed',
        proposal: opened,
        events: [event('proposed', 'Proposed as pull request 7')],
      }),
    ).toEqual([
      'done: Requested',
      'done: Proposed as pull request 7 in acme/shop-config',
      'running: Merged at GitHub',
      'waiting: Applied by Argo CD application shop',
    ]);
    expect(
      steps({
        state: 'merged',
        proposal: opened,
        waitingFor: 'Argo CD application shop has not applied it yet',
        events: [
          event('proposed', 'Proposed as pull request 7'),
          event('merged', 'Merged by octocat at GitHub'),
        ],
      }).slice(2),
    ).toEqual([
      'done: Merged by octocat at GitHub',
      'running: Applied by Argo CD application shop (Argo CD application shop has not applied it yet)',
    ]);
    expect(
      steps({
        state: 'declined',
        proposal: opened,
        events: [
          event('proposed', 'Proposed as pull request 7'),
          event('declined', 'The pull request was closed without a merge'),
        ],
      }).at(-1),
    ).toBe('failed: The pull request was closed without a merge');
  });

  it('says that nothing is in force yet, and links only to web pages', () => {
    expect(
      presentOutcome(buildChange({ state: 'proposed', proposal: opened })),
    ).toMatchObject({
      title: 'Proposed in Git',
      text: 'It is up to the reviewers at GitHub. Nothing changes in the cluster until it is merged.',
    });
    expect(proposalHref(opened)).toBe(opened.url);
    expect(proposalHref({ ...opened, url: 'data:text/html,hello' })).toBe(
      undefined,
    );
  });
});
