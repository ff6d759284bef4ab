import { matchWorkloads } from '../../entity/matchWorkloads';
import { compileIntent } from '../../intents/compileIntent';
import type { Intent } from '../../intents/intent';
import type { KubeObject } from '../../resources/types';
import {
  deployment,
  kubeObject,
  namespace,
  service,
} from '../../testUtils/objects';
import { NOW, snapshotOf } from '../../testUtils/snapshots';
import { observation, requests } from '../../testUtils/traffic';
import { bindIntent } from '../../intents/bindIntent';
import { planChange } from '../planChange';
import { assessAccess } from './assessAccess';
import { describeAccess } from './describeAccess';
import { enforceTrials } from './enforceTrials';
import { findMissedGrants } from './findMissedGrants';
import { findUnseen } from './findUnseen';

const DAY = 86_400;
const OBJECTS: KubeObject[] = [
  namespace({ name: 'shop', injected: true }),
  namespace({ name: 'legacy' }),
  service({ namespace: 'shop', name: 'api' }),
  service({ namespace: 'shop', name: 'idle' }),
  ...['api', 'web', 'idle'].flatMap(name =>
    deployment({ namespace: 'shop', name, proxy: 'sidecar' }),
  ),
  ...deployment({ namespace: 'legacy', name: 'old', proxy: 'none' }),
];
const to = { to: 'api.shop', service: 'api.shop' };
const TRAFFIC = [
  requests(DAY, { ...to, from: 'web.shop', security: 'mutual_tls' }),
  requests(DAY / 2, { ...to, from: 'old.legacy', security: 'none' }),
];
const target = { clusters: ['prod-eu'], namespace: 'shop', service: 'api' };
const strict = (more: object = {}): Intent => ({
  type: 'mtlsMode',
  params: { ...target, level: 'workload', mode: 'STRICT', ...more },
});
const allow = (more: object = {}): Intent => ({
  type: 'whoMayCall',
  params: {
    ...target,
    action: 'ALLOW',
    dryRun: false,
    rules: [{ principals: ['cluster.local/ns/shop/sa/web'] }],
    ...more,
  },
});

interface Circumstances {
  more?: KubeObject[];
  traffic?: typeof TRAFFIC;
  seconds?: number;
}

/** A plan for api, with what is known of it. */
function planOf(intent: Intent, options: Circumstances) {
  const { more = [], traffic = TRAFFIC, seconds = DAY } = options;
  const snapshot = snapshotOf([...OBJECTS, ...more]);
  const snapshots = [snapshot];
  const compiled = compileIntent({ intent, snapshot });
  if (!compiled.ok) {
    throw new Error(JSON.stringify(compiled.problems));
  }
  return {
    plan: planChange({ compiled: [{ snapshot, ...compiled }] }),
    snapshots,
    observations: [observation(traffic, { window: { to: NOW, seconds } })],
    match: matchWorkloads({
      claim: {
        entityRef: 'component:default/api',
        clusters: [],
        selector: { app: 'api' },
        selectorFrom: '',
        services: [],
      },
      snapshots,
      binding: { bindAll: true, namespaces: {} },
    }),
  };
}

/** What a plan would do to those who were seen calling api. */
function assess(intent: Intent, options: Circumstances = {}) {
  const { seconds = DAY } = options;
  const seen = planOf(intent, options);
  const callers = assessAccess(seen);
  const trial = enforceTrials(seen.plan);
  return {
    callers: Object.fromEntries(
      callers.map(({ workload, access }) => [
        workload,
        `${access?.before} -> ${access?.after}`,
      ]),
    ),
    text: describeAccess({
      callers,
      observedSeconds: seconds,
      ...(trial && { enforced: assessAccess({ ...seen, plan: trial }) }),
    })
      .map(({ text }) => text)
      .join(''),
    unseen: findUnseen(seen).map(({ text }) => text),
  };
}

describe('who is refused by a plan', () => {
  it('is who sends plaintext to a port that becomes strict, with its rate', () => {
    expect(assess(strict())).toEqual({
      callers: { web: 'always -> always', old: 'always -> refused' },
      text: '1 of 2 callers seen in 24 h would be refused: legacy/old (0.5 per second).',
      unseen: [],
    });
  });

  it('is who may have called the port that becomes strict, even where another stays open', () => {
    const exception = kubeObject(
      'PeerAuthentication',
      { namespace: 'shop', name: 'api' },
      {
        spec: {
          selector: { matchLabels: { app: 'api' } },
          portLevelMtls: { 9100: { mode: 'DISABLE' } },
        },
      },
    );
    expect(assess(strict(), { more: [exception] })).toMatchObject({
      callers: { old: 'always -> mixed' },
      text: expect.stringContaining('1 of 2 callers seen in 24 h would be'),
    });
  });

  it('is not who sends plaintext only because the port wants it so', () => {
    const disabled = kubeObject(
      'PeerAuthentication',
      { namespace: 'shop', name: 'api' },
      {
        spec: {
          selector: { matchLabels: { app: 'api' } },
          mtls: { mode: 'DISABLE' },
        },
      },
    );
    expect(
      assess(strict(), {
        more: [disabled],
        traffic: [requests(DAY, { ...to, from: 'web.shop', security: 'none' })],
      }).callers,
    ).toEqual({ web: 'always -> always' });
  });

  it('is everybody whom a first policy does not name, who proved no identity too', () => {
    expect(assess(allow()).callers).toEqual({
      web: 'always -> always',
      old: 'always -> never',
    });
  });

  it('may be whom only a rule about addresses, which are not known, lets in afterwards', () => {
    const policy = kubeObject(
      'AuthorizationPolicy',
      { namespace: 'shop', name: 'callers' },
      {
        spec: {
          selector: { matchLabels: { app: 'api' } },
          rules: [
            {
              from: [
                {
                  source: {
                    principals: [
                      'cluster.local/ns/shop/sa/web',
                      'cluster.local/ns/shop/sa/idle',
                    ],
                  },
                },
              ],
            },
            { from: [{ source: { ipBlocks: ['10.0.0.0/8'] } }] },
          ],
        },
      },
    );
    const without = allow({
      policy: 'callers',
      rules: [{ principals: ['cluster.local/ns/shop/sa/idle'] }],
    });
    expect(assess(without, { more: [policy] })).toMatchObject({
      callers: { web: 'always -> unknown', old: 'unknown -> unknown' },
      text: '1 of 2 callers seen in 24 h may be refused: shop/web (1.0 per second).',
    });
  });

  it('is nobody on trial, and who it would be once enforced is told', () => {
    expect(assess(allow({ dryRun: true }))).toMatchObject({
      callers: { web: 'always -> always', old: 'always -> always' },
      text: 'On trial nobody is refused. Once enforced: 1 of 2 callers seen in 24 h would be refused: legacy/old (0.5 per second).',
    });
  });

  it('may be let in anew by the plan', () => {
    const policy = kubeObject(
      'AuthorizationPolicy',
      { namespace: 'shop', name: 'none' },
      { spec: { selector: { matchLabels: { app: 'api' } } } },
    );
    expect(assess(allow(), { more: [policy] }).text).toBe(
      'None of 2 callers seen in 24 h would be refused that is let in now. Would be let in anew: shop/web (1.0 per second).',
    );
  });

  it('is not known of workloads that nobody called, and in a short time', () => {
    expect(assess(strict({ level: 'namespace' })).unseen).toEqual([
      'Nobody called web and idle in 24 h: who calls rarely has not been seen, and STRICT would refuse it if it sends plaintext',
    ]);
    expect(assess(strict(), { seconds: 300 }).unseen).toEqual([
      'Only 5 min of traffic were looked at: who calls rarely has not been seen, and STRICT would refuse it if it sends plaintext',
    ]);
  });
});

describe('a caller that is let in by its identity', () => {
  const missed = (intent: Intent, ...more: KubeObject[]) =>
    findMissedGrants(planOf(intent, { more })).map(({ text }) => text);
  const plain = kubeObject(
    'DestinationRule',
    { namespace: 'shop', name: 'api-plain' },
    {
      spec: {
        host: 'api.shop.svc.cluster.local',
        trafficPolicy: { tls: { mode: 'DISABLE' } },
      },
    },
  );
  const old = { rules: [{ principals: ['cluster.local/ns/legacy/sa/old'] }] };

  it('is not, where it turns encryption off or has no proxy, and that is said', () => {
    expect(missed(allow(), plain)).toEqual([
      'shop/web shows no identity, so this rule does not let it in. In the mesh, but DestinationRule shop/api-plain turns encryption off.',
    ]);
    expect(missed(allow(old))).toEqual([
      expect.stringMatching(
        /^legacy\/old shows no identity, .* Outside the mesh: its pods have no proxy/,
      ),
    ]);
  });

  it('is, where it encrypts; and nobody is told of a policy that lets nobody in', () => {
    expect(missed(allow())).toEqual([]);
    expect(missed(allow({ action: 'DENY' }), plain)).toEqual([]);
    expect(missed(strict(), plain)).toEqual([]);
  });
});

describe('what traffic shows of it', () => {
  const verify = (
    intent: Intent,
    options: {
      has?: KubeObject[];
      since: typeof TRAFFIC;
      before?: typeof TRAFFIC;
    },
  ) => {
    const snapshot = snapshotOf([...OBJECTS, ...(options.has ?? [])]);
    return bindIntent(intent).verify({
      versions: [],
      written: [],
      match: matchWorkloads({
        claim: {
          entityRef: 'component:default/api',
          clusters: [],
          selector: { app: 'api' },
          selectorFrom: '',
          services: [],
        },
        snapshots: [snapshot],
        binding: { bindAll: true, namespaces: {} },
      }),
      snapshots: [snapshot],
      observations: [observation(options.since)],
      earlier: [observation(options.before ?? TRAFFIC)],
      minimumRequests: 50,
    });
  };
  const written = (intent: Intent) => {
    const result = compileIntent({ intent, snapshot: snapshotOf(OBJECTS) });
    return result.ok ? result.desired : [];
  };
  const fromWeb = (count: number, responseCode = '200') =>
    requests(count, { ...to, from: 'web.shop', responseCode });

  it('is that plaintext stops where a port is strict', () => {
    const has = written(strict());
    expect(verify(strict(), { has, since: [fromWeb(60)] })).toEqual({
      verdict: 'verified',
      text: 'Seen in traffic: all 60 calls since were encrypted, 43,200 calls before were not',
    });
    expect(verify(strict(), { has, since: TRAFFIC })).toMatchObject({
      verdict: 'wait',
      why: '43,200 calls still came in plaintext',
    });
    expect(
      verify(strict(), { has, since: [fromWeb(60)], before: [fromWeb(60)] }),
    ).toMatchObject({ verdict: 'impossible' });
  });

  it('is that plaintext comes where a port was opened', () => {
    const open = strict({ mode: 'PERMISSIVE' });
    expect(
      verify(open, { since: TRAFFIC, before: [fromWeb(60)] }),
    ).toMatchObject({ verdict: 'verified' });
  });

  it('is 403 for all who are turned away, and no longer for who is let in', () => {
    const deny = allow({ action: 'DENY' });
    const has = written(deny);
    expect(verify(deny, { has, since: [fromWeb(7, '403')] })).toEqual({
      verdict: 'verified',
      text: 'Seen in traffic: all 7 requests of shop/web were answered 403',
    });
    expect(
      verify(deny, { has, since: [fromWeb(7, '403'), fromWeb(1)] }),
    ).toMatchObject({ verdict: 'wait' });
    expect(
      verify(allow(), {
        has: written(allow()),
        since: [fromWeb(9)],
        before: [fromWeb(5, '403')],
      }),
    ).toEqual({
      verdict: 'verified',
      text: 'Seen in traffic: 9 requests of shop/web came through, none did before',
    });
  });

  it('is nothing on trial, and that is said', () => {
    expect(
      verify(allow({ dryRun: true }), { since: [fromWeb(9)] }),
    ).toMatchObject({ verdict: 'impossible' });
  });
});
