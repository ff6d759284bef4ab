import {
  freshCluster,
  paymentsMesh,
  unmatchedMesh,
} from '../../__testUtils__/fixtures';
import { explainNoHealth } from './explainNoHealth';

const nothing = { ...unmatchedMesh.match, empty: undefined };
const state = (name: string, value: 'starting' | 'unreachable') => ({
  ...freshCluster,
  name,
  state: value,
});

describe('explainNoHealth', () => {
  it.each([
    ['no cluster', [], 'No cluster is configured'],
    [
      'a cluster that is read for the first time',
      [state('a', 'starting')],
      'The clusters are being read for the first time',
    ],
    [
      'no cluster that answers',
      [state('a', 'unreachable'), state('b', 'unreachable')],
      'No cluster can be read',
    ],
    [
      'one of two that answers',
      [freshCluster, state('b', 'unreachable')],
      'Health is not known',
    ],
  ])('names %s', (_, clusters, title) => {
    expect(explainNoHealth(nothing, clusters).title).toBe(title);
  });

  it('does not deny workloads that were found', () => {
    expect(
      explainNoHealth(paymentsMesh.match, [freshCluster]).explanation,
    ).toContain('Workloads of this component were found');
  });
});
