import { outcome, weightDiff } from './__fixtures__/changes';
import {
  countChangedLines,
  describeDiffBlock,
  diffAsText,
  presentDiff,
} from './presentDiff';

describe('presentDiff', () => {
  it('joins clusters that change alike', () => {
    const blocks = presentDiff([outcome(0, 'prod-eu'), outcome(1, 'prod-us')]);
    expect(blocks.map(describeDiffBlock)).toEqual([
      'VirtualService catalog/reviews, 2 lines, in prod-eu and prod-us',
    ]);
  });

  it('keeps clusters apart that change otherwise', () => {
    const blocks = presentDiff([
      outcome(0, 'prod-eu'),
      outcome(1, 'prod-us', {
        action: 'create',
        diff: [{ kind: 'added', text: 'kind: VirtualService' }],
      }),
    ]);
    expect(blocks.map(describeDiffBlock)).toEqual([
      'VirtualService catalog/reviews, 2 lines, in prod-eu',
      'VirtualService catalog/reviews, new, 1 line, in prod-us',
    ]);
  });

  it('counts an edited line once', () => {
    expect(countChangedLines(weightDiff)).toBe(2);
  });

  it('copies with signs', () => {
    expect(diffAsText(presentDiff([outcome(0, 'prod-eu')]))).toBe(
      [
        '# VirtualService catalog/reviews, 2 lines, in prod-eu',
        '  …',
        '        - destination: { host: reviews, subset: v1 }',
        '-         weight: 80',
        '+         weight: 70',
        '        - destination: { host: reviews, subset: v2 }',
        '-         weight: 20',
        '+         weight: 30',
      ].join('\n'),
    );
  });
});
