import {
  collectRequirements,
  hashApproval,
  judgeApprover,
  openRequirements,
  withDecision,
} from './resolveApproval';
import type { ApprovalDecision, ChangeApproval } from './types';

const STOREFRONT = 'group:default/storefront-team';
const SEARCH = 'group:default/search-team';
const PLATFORM = 'group:default/platform-team';

const approval = (
  by: string[][],
  decisions: ApprovalDecision[] = [],
): ChangeApproval => ({
  requirements: by.map(each => ({ policy: 'p', text: 't', by: each })),
  decisions,
  hash: 'h',
  policyVersion: '1',
});

const approvedBy = (by: string, countsFor: number[]): ApprovalDecision => ({
  by,
  decision: 'approved',
  at: '2026-01-01T00:00:00Z',
  countsFor,
});

const mira = {
  entityRef: 'user:default/mira.kovac',
  clusterUsers: ['mira.kovac'],
};

function judge(
  name: string,
  groups: string[],
  options: {
    by?: string[][];
    decisions?: ApprovalDecision[];
    approvers?: string[];
    clusterUser?: string;
  } = {},
) {
  const { by = [[STOREFRONT]], decisions, approvers = [PLATFORM] } = options;
  const verdict = judgeApprover({
    approval: approval(by, decisions),
    requester: mira,
    approvers,
    person: {
      entityRef: `user:default/${name}`,
      ownershipRefs: groups,
      clusterUsers: [options.clusterUser ?? name],
    },
  });
  return verdict.may ? verdict.countsFor : verdict.why;
}

describe('judgeApprover', () => {
  it.each<[string, ReturnType<typeof judge>, number[] | string]>([
    [
      'an owner of an affected caller may',
      judge('dan.osei', [STOREFRONT]),
      [0],
    ],
    [
      'the requester never may, whatever the groups',
      judge('mira.kovac', [STOREFRONT, PLATFORM]),
      'You asked for it, so somebody else approves',
    ],
    [
      'nor under a second identity with the same name in the clusters',
      judge('mira.admin', [STOREFRONT], { clusterUser: 'mira.kovac' }),
      'You act in the clusters as mira.kovac, as does who asked for it; somebody else approves',
    ],
    [
      'who has nothing to do with it may not, and is told whose it is',
      judge('lena.fischer', ['group:default/catalog-team'], {
        by: [[STOREFRONT], [SEARCH]],
      }),
      'Approval is up to storefront-team and search-team',
    ],
    [
      'the portal’s approvers stand in for anybody',
      judge('paul.adeyemi', [PLATFORM], { by: [[STOREFRONT], [SEARCH], []] }),
      [0, 1, 2],
    ],
    [
      'what nobody owns is the portal’s approvers’',
      judge('dan.osei', [STOREFRONT], { by: [[]] }),
      'Approval is up to platform-team',
    ],
    [
      'without configured approvers it is anybody’s with the permission',
      judge('dan.osei', [], { by: [[]], approvers: [] }),
      [0],
    ],
    [
      'nobody decides twice',
      judge('dan.osei', [STOREFRONT, SEARCH], {
        by: [[STOREFRONT], [SEARCH]],
        decisions: [approvedBy('user:default/dan.osei', [0])],
      }),
      'You have decided already',
    ],
    [
      'what has been approved is not open to another one',
      judge('eve', [STOREFRONT], {
        by: [[STOREFRONT], [SEARCH]],
        decisions: [approvedBy('user:default/dan.osei', [0])],
      }),
      'Approval is up to search-team',
    ],
    [
      'a person can be named instead of a group',
      judge('dan.osei', [], { by: [['user:default/dan.osei']] }),
      [0],
    ],
  ])('%s', (_, actual, expected) => expect(actual).toEqual(expected));
});

describe('openRequirements', () => {
  it('is empty only when each requirement has its approval', () => {
    const asked = approval([[STOREFRONT], [SEARCH]]);
    const once = withDecision(asked, approvedBy('a', [1]));
    expect(openRequirements(asked)).toEqual([0, 1]);
    expect(openRequirements(once)).toEqual([0]);
    expect(
      openRequirements(
        withDecision(once, { ...approvedBy('b', [0]), decision: 'declined' }),
      ),
    ).toEqual([0]);
    expect(openRequirements(withDecision(once, approvedBy('b', [0])))).toEqual(
      [],
    );
  });
});

describe('collectRequirements', () => {
  it('takes one per list of approvers, and the portal’s approvers where a guardrail names none', () => {
    expect(
      collectRequirements([
        { policy: 'a', verdict: 'pass', text: '', approvers: [[SEARCH]] },
        {
          policy: 'b',
          verdict: 'needsApproval',
          text: 'b',
          approvers: [[STOREFRONT], [], [STOREFRONT]],
        },
        { policy: 'c', verdict: 'needsApproval', text: 'c' },
      ]),
    ).toEqual([
      { policy: 'b', text: 'b', by: [STOREFRONT] },
      { policy: 'b', text: 'b', by: [] },
      { policy: 'c', text: 'c', by: [] },
    ]);
  });
});

describe('hashApproval', () => {
  const subject = {
    changeId: '01HZY',
    entityRef: 'component:default/reviews',
    requester: mira.entityRef,
    planHash: 'a'.repeat(64),
    policyVersion: '1',
    applyAt: 1,
    expiresAt: 2,
  };
  it.each(Object.keys(subject) as (keyof typeof subject)[])(
    'differs when %s differs',
    key => {
      expect(hashApproval({ ...subject, [key]: 'other' })).not.toBe(
        hashApproval(subject),
      );
      expect(hashApproval({ ...subject })).toBe(hashApproval(subject));
    },
  );
});
