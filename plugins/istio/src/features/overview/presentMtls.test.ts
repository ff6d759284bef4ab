import { paymentsMesh } from '../../__testUtils__/fixtures';
import {
  presentCallerVolume,
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

  it('names the volume of a caller', () => {
    const caller = observed.plaintextCallers[0];
    expect(presentCallerVolume(caller)).toBe('230 requests');
    expect(presentCallerVolume({ ...caller, connections: 12 })).toBe(
      '230 requests, 12 connections',
    );
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
