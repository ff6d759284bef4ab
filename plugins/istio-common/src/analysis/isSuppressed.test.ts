import { buildSnapshot } from '../snapshot/buildSnapshot';
import { kubeObject } from '../testUtils';
import { analyze } from './analyze';

/** What is said of a VirtualService without its Gateway, which is ISB0101, IST0101 and KIA1102. */
function find(annotation?: string): string[] {
  const annotations = annotation && {
    'galley.istio.io/analyze-suppress': annotation,
  };
  const object = kubeObject(
    'VirtualService',
    { name: 'a', namespace: 'shop', ...(annotations && { annotations }) },
    { spec: { hosts: ['a'], gateways: ['gone'] } },
  );
  const snapshot = buildSnapshot({
    cluster: '',
    asOf: 0,
    objects: { VirtualService: [object], Gateway: [] },
  });
  return analyze({ snapshot })
    .findings.map(({ code }) => code)
    .filter(code => code === 'ISB0101');
}

describe('suppressed findings', () => {
  it.each(['*', 'ISB0101', 'IST0101', 'KIA1102', 'IST0001,IST0101'])(
    'are not told: %s',
    annotation => expect(find(annotation)).toEqual([]),
  );

  it.each([undefined, '', 'IST0001', 'IST0101x', 'ist0101'])(
    'are those that are named: %s',
    annotation => expect(find(annotation)).toEqual(['ISB0101']),
  );
});
