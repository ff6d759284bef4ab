import { KIND_NAMES } from '../resources/kinds';
import { refTo } from '../resources/objectKey';
import type { KubeObject } from '../resources/types';
import { withObjects } from '../snapshot/buildSnapshot';
import type { ObjectChange } from '../snapshot/diffSnapshots';
import { kubeObject, pod, service as serviceOf } from '../testUtils';
import { analyze, mergeAnalyses } from './analyze';
import { IncrementalAnalysis } from './IncrementalAnalysis';
import type { Rule, RuleContext } from './types';
import {
  contextOfCase,
  readRuleFiles,
} from './__testUtils__/ruleCases.testdata';

/** Every world of the rules' cases: what one rule is about is a test for the reach of all others. */
const worlds = readRuleFiles().flatMap(({ path, cases }) =>
  cases.map(ruleCase => [`${path}: ${ruleCase.name}`, ruleCase] as const),
);

/** The object as it might have been before: without its spec, which most rules are about. */
function bare(object: KubeObject): KubeObject {
  return { ...object, spec: {} };
}

describe('IncrementalAnalysis', () => {
  it.each(worlds)(
    'ends where a whole analysis ends, whichever object was the last to come, change or go: %s',
    (_, ruleCase) => {
      const context = contextOfCase(ruleCase);
      const { snapshot } = context;
      const objects = KIND_NAMES.flatMap(kind => snapshot.list(kind));
      for (const object of objects) {
        const without = withObjects(snapshot, {
          replace: [],
          remove: [refTo(snapshot.cluster, object)],
        });
        const other = withObjects(snapshot, { replace: [bare(object)] });
        const analysis = IncrementalAnalysis.create({
          ...context,
          snapshot: without,
        });
        analysis.update({ ...context, snapshot: other }, [
          { after: bare(object) },
        ]);
        expect(analysis.result).toEqual(
          analyze({ ...context, snapshot: other }),
        );
        analysis.update(context, [{ before: bare(object), after: object }]);
        expect(analysis.result).toEqual(analyze(context));
        analysis.update({ ...context, snapshot: without }, [
          { before: object },
        ]);
        expect(analysis.result).toEqual(
          analyze({ ...context, snapshot: without }),
        );
      }
    },
  );

  it('asks only the rules that read the changed kind', () => {
    const asked: string[] = [];
    const rule = {
      code: 'ISB9999' as const,
      name: 'counting',
      title: '',
      severity: 'info' as const,
      explanation: '',
      remedy: '',
      equivalents: [],
      subjects: ['Sidecar' as const],
      inputs: ['Service' as const],
      reach: 'namespace' as const,
      check: (subject: KubeObject) => {
        asked.push(subject.metadata.namespace ?? '');
        return [];
      },
    };
    const sidecar = (namespace: string): KubeObject => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'Sidecar',
      metadata: { name: 'default', namespace },
    });
    const service: KubeObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'a', namespace: 'a' },
    };
    const gateway: KubeObject = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'a', namespace: 'a' },
    };
    const { snapshot } = contextOfCase({
      name: '',
      world: '',
      unread: [],
      findings: [],
    });
    const world = withObjects(snapshot, {
      replace: [sidecar('a'), sidecar('b'), service, gateway],
    });
    const analysis = IncrementalAnalysis.create({ snapshot: world }, [rule]);
    asked.length = 0;
    analysis.update({ snapshot: world }, [{ before: gateway, after: gateway }]);
    expect(asked).toEqual([]);
    analysis.update({ snapshot: world }, [{ before: service, after: service }]);
    expect(asked).toEqual(['a']);
  });

  it('asks only subjects that share a host with what changed', () => {
    const asked: string[] = [];
    const rule: Rule = {
      code: 'ISB9999',
      name: 'counting',
      title: '',
      severity: 'info',
      explanation: '',
      remedy: '',
      equivalents: [],
      subjects: ['VirtualService'],
      inputs: ['Service', 'Pod'],
      reach: 'host',
      check: subject => {
        asked.push(subject.metadata.name);
        return [];
      },
    };
    const route = (name: string, host: string, destination: string) =>
      kubeObject(
        'VirtualService',
        { name, namespace: 'shop' },
        {
          spec: {
            hosts: [host],
            http: [{ route: [{ destination: { host: destination } }] }],
          },
        },
      );
    const reviews = serviceOf({ name: 'reviews', namespace: 'shop' });
    const reviewsPod = pod({
      name: 'reviews-0',
      namespace: 'shop',
      labels: { app: 'reviews' },
    });
    const { snapshot: empty } = contextOfCase({
      name: '',
      world: '',
      unread: [],
      findings: [],
    });
    const world = withObjects(empty, {
      replace: [
        route('short', 'a', 'reviews'),
        route('full', 'reviews.shop.svc.cluster.local', 'b'),
        route('wildcard', '*.example.com', 'c'),
        route('other', 'ratings', 'd'),
        reviews,
        serviceOf({ name: 'ratings', namespace: 'shop' }),
        reviewsPod,
      ],
    });
    const analysis = IncrementalAnalysis.create({ snapshot: world }, [rule]);
    const askedAfter = (change: ObjectChange) => {
      asked.length = 0;
      analysis.update({ snapshot: world }, [change]);
      return [...new Set(asked)].sort();
    };
    const sharing = ['full', 'short', 'wildcard'];
    expect(askedAfter({ before: reviews, after: reviews })).toEqual(sharing);
    expect(askedAfter({ before: reviewsPod, after: reviewsPod })).toEqual(
      sharing,
    );
    // Moved to another host: those of the old one and of the new one.
    expect(
      askedAfter({
        before: route('full', 'reviews.shop.svc.cluster.local', 'b'),
        after: route('full', 'ratings', 'b'),
      }),
    ).toEqual(['full', 'other', 'short', 'wildcard']);
    expect(askedAfter({ before: reviews, after: reviews })).toEqual([
      'short',
      'wildcard',
    ]);
    expect(
      askedAfter({ before: route('wildcard', '*.example.com', 'c') }),
    ).toEqual(['full', 'other', 'short', 'wildcard']);
  });

  it('asks a rule about traffic again when the traffic is another, and only then', () => {
    const asked: (number | undefined)[] = [];
    const rule = {
      code: 'ISB9999' as const,
      name: 'observing',
      title: '',
      severity: 'info' as const,
      explanation: '',
      remedy: '',
      equivalents: [],
      subjects: ['Service' as const],
      inputs: [],
      reach: 'object' as const,
      needs: ['traffic' as const],
      check: (_: KubeObject, { traffic }: RuleContext) => {
        asked.push(traffic?.window.to);
        return [];
      },
    };
    const { snapshot } = contextOfCase({
      name: '',
      world: '',
      unread: [],
      findings: [],
    });
    const service = (name: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'a' },
    });
    const world = withObjects(snapshot, {
      replace: [service('a'), service('b')],
    });
    const at = (to: number) => ({
      cluster: snapshot.cluster,
      window: { to, seconds: 300 },
      requests: [],
      tcp: [],
      latency: [],
    });
    const traffic = at(1);
    const context = { snapshot: world, traffic, now: 1 };
    const analysis = IncrementalAnalysis.create(context, [rule]);
    expect(asked).toEqual([1, 1]);
    analysis.update({ ...context, now: 2 }, [{ after: service('b') }]);
    expect(asked).toEqual([1, 1, 1]);
    analysis.update({ ...context, traffic: at(2) }, []);
    expect(asked).toEqual([1, 1, 1, 2, 2]);
    analysis.update({ snapshot: world }, []);
    expect(asked).toHaveLength(5);
    expect(analysis.result.skipped).toEqual([
      { code: 'ISB9999', name: 'observing', reason: 'no observed traffic' },
    ]);
  });
});

describe('parts of an analysis', () => {
  it.each(worlds)('say together what the whole says: %s', (_, ruleCase) => {
    const context = contextOfCase(ruleCase);
    const parts = [0, 1, 2].map(index =>
      analyze({ ...context, part: { index, of: 3 } }),
    );
    expect(mergeAnalyses(parts)).toEqual(analyze(context));
  });
});
