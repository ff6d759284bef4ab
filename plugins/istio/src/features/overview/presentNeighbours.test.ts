import type { Neighbour } from '@istio-backstage/plugin-istio-common';
import { paymentsMesh } from '../../__testUtils__/fixtures';
import { presentNeighbours } from './presentNeighbours';

const caller = (name: string, more: Partial<Neighbour> = {}): Neighbour => ({
  ...paymentsMesh.neighbours[0],
  name,
  status: 'healthy',
  errorShare: 0,
  ...more,
});

describe('presentNeighbours', () => {
  it('tells callers from callees', () => {
    const names = (direction: Neighbour['direction']) =>
      presentNeighbours(paymentsMesh.neighbours, direction).map(n => n.name);
    expect(names('caller')).toEqual(['checkout', 'legacy-billing']);
    expect(names('callee')).toEqual(['cardnet.example']);
  });

  it('puts what fails first, then what calls most', () => {
    const items = presentNeighbours(
      [
        caller('quiet', { status: 'noTraffic' }),
        caller('slow', { requestsPerSecond: 1 }),
        caller('busy', { requestsPerSecond: 90 }),
        caller('broken', { status: 'failing', requestsPerSecond: 0.1 }),
      ],
      'caller',
    );
    expect(items.map(item => item.name)).toEqual([
      'broken',
      'busy',
      'slow',
      'quiet',
    ]);
  });

  it('counts connections where there are no requests', () => {
    const [item] = presentNeighbours(
      [caller('db', { requests: 0, requestsPerSecond: 0, tcpConnections: 12 })],
      'caller',
    );
    expect(item.volume).toBe('12 connections');
  });

  it('leaves out a share nobody measured', () => {
    const [item] = presentNeighbours(
      [caller('dark', { errorShare: undefined, status: 'unknown' })],
      'caller',
    );
    expect(item.errors).toBeUndefined();
  });

  it('calls an external host external, not outside the mesh', () => {
    const [item] = presentNeighbours(paymentsMesh.neighbours, 'callee');
    expect(item).toMatchObject({
      place: 'external service',
      outsideMesh: false,
    });
  });
});
