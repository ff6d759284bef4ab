import { renderHook } from '@testing-library/react';
import { buildSplit } from './__fixtures__/reviewsSplit';
import { useShiftForm } from './useShiftForm';

const formOf = (silentClusters?: string[]) =>
  renderHook(() => useShiftForm({ split: buildSplit(), silentClusters })).result
    .current;

describe('useShiftForm', () => {
  it('opens with every cluster of the rule', () => {
    expect(formOf().clusters).toEqual(['prod-eu', 'prod-us']);
  });

  it('leaves out a cluster that does not answer, as its traffic is left out already', () => {
    const form = formOf(['prod-us']);
    expect(form.clusters).toEqual(['prod-eu']);
    expect(form.clusterChoice).toEqual(['prod-eu', 'prod-us']);
    expect(form.measured?.perSecond).toBeCloseTo(24);
  });

  it('says so where no cluster of the rule answers', () => {
    expect(formOf(['prod-eu', 'prod-us']).problem).toBe('no cluster is chosen');
  });
});
