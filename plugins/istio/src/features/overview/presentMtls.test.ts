import { paymentsMesh } from '../../__testUtils__/fixtures';
import {
  presentPlaintextCallers,
  presentEncryption,
  presentMode,
  presentModes,
} from './presentMtls';

const { observed } = paymentsMesh.mtls!;

describe('presentMtls', () => {
  it('says share and counts', () => {
    expect(presentEncryption(observed)).toEqual({
      share: '83.9 %',
      counts: '1,720 of 2,050 requests',
      label: '83.9 % encrypted, 16.1 % plaintext',
    });
  });

  it('does not call silence encrypted', () => {
    expect(
      presentEncryption({
        ...observed,
        total: 0,
        encrypted: 0,
        encryptedShare: undefined,
      }),
    ).toEqual({ counts: 'No requests reported', label: '' });
  });

  it('names what a port accepts', () => {
    expect(presentMode('PERMISSIVE')).toEqual({
      words: 'Both',
      term: 'PERMISSIVE',
    });
    expect(presentMode('UNKNOWN').words).toBe('Unknown');
  });

  it('counts a caller once, whatever its workloads and clusters', () => {
    const [catalog, legacy] = observed.plaintextCallers;
    expect(
      presentPlaintextCallers([
        { ...legacy, cluster: 'prod-us', requests: 20 },
        { ...catalog, workload: 'catalog-v1', requests: 30 },
        { ...catalog, workload: 'catalog-v2', requests: 12, connections: 1 },
        { ...legacy, requests: 21 },
        { cluster: 'prod-eu', requests: 1, connections: 0 },
      ]).map(({ name, volume }) => [name, volume]),
    ).toEqual([
      ['catalog', '42 requests, 1 connection'],
      ['legacy-billing', '41 requests'],
      ['Unknown caller', '1 request'],
    ]);
  });

  it.each([
    [[], ''],
    [['STRICT', 'STRICT'], 'strict'],
    [['PERMISSIVE'], 'accepts both'],
    [['OUTSIDE'], 'no proxy'],
    [['STRICT', 'PERMISSIVE'], 'differs by port'],
    [['STRICT', 'UNKNOWN'], 'not known for all ports'],
  ])('sums up %j', (modes, expected) => {
    expect(presentModes(modes)).toBe(expected);
  });
});
