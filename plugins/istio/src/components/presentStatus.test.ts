import { presentStatus } from './presentStatus';
import type { StatusKind } from './presentStatus';

const KINDS: StatusKind[] = [
  'healthy',
  'degraded',
  'failing',
  'notReady',
  'noTraffic',
  'unknown',
  'fresh',
  'stale',
  'unreachable',
  'starting',
  'notConfigured',
  'planned',
  'applying',
  'applied',
  'verified',
  'unverifiable',
  'partial',
  'indeterminate',
  'denied',
  'conflict',
  'failed',
  'reverted',
  'pass',
  'warn',
  'needsApproval',
  'deny',
  'neverReached',
  'noRequests',
  'noReason',
  'outsideMesh',
  'encrypted',
  'plaintext',
  'finding',
  'inLine',
  'differs',
  'notEnough',
];

describe('presentStatus', () => {
  it('is green only for what is proven well', () => {
    const green = KINDS.filter(kind => presentStatus(kind).tone === 'ok');
    expect(green).toEqual(['healthy', 'fresh', 'verified', 'pass', 'inLine']);
  });

  it('has a word and a shape for every state', () => {
    for (const kind of KINDS) {
      const { word, shape } = presentStatus(kind);
      expect(word).not.toBe('');
      expect(shape).toBeTruthy();
    }
  });

  it('tells good, bad and unknown apart without colour', () => {
    const shapes = ['healthy', 'degraded', 'failing', 'unknown', 'noTraffic'];
    expect(
      new Set(shapes.map(kind => presentStatus(kind as StatusKind).shape)).size,
    ).toBe(shapes.length);
  });

  it('calls a state of a newer backend unknown', () => {
    expect(presentStatus('quarantined' as StatusKind).word).toBe('Unknown');
  });
});
