import * as fc from 'fast-check';
import { fromBase64, toBase64 } from './bytes';
import { formatCheckpoint, parseCheckpoint } from './checkpoint';
import { portableDigest as digest } from './digest';
import {
  createNoteSigner,
  judgeSignature,
  parseNote,
  parseVerifierKey,
} from './signedNote';
import {
  announceKey,
  readKeyStatement,
  resolveKeys,
  rotateKey,
} from './signingKeys';

// The example of golang.org/x/mod/sumdb/note, which C2SP's signed-note describes.
const VERIFIER =
  'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const SECRET = 'AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const TEXT =
  'If you think cryptography is the answer to your problem,\n' +
  "then you don't know what your problem is.\n";
const NOTE = `${TEXT}
\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;
const seedOf = (byte: number) => new Uint8Array(32).fill(byte);
const signerOf = (name: string, byte: number) =>
  createNoteSigner({ name, seed: seedOf(byte) });

describe('signed notes', () => {
  it('are those of other tools', () => {
    const signer = createNoteSigner({
      name: 'PeterNeumann',
      seed: fromBase64(SECRET)!.slice(1),
    });
    expect(signer.verifierKey).toBe(VERIFIER);
    expect(signer.sign(TEXT)).toBe(NOTE);
    const key = parseVerifierKey(VERIFIER)!;
    expect(judgeSignature(parseNote(NOTE)!, key)).toBe('valid');
  });

  it('hold for their text and their key only', () => {
    const key = parseVerifierKey(VERIFIER)!;
    const other = parseVerifierKey(signerOf('other', 1).verifierKey)!;
    const altered = NOTE.replace('the answer', 'no answer');
    expect(judgeSignature(parseNote(altered)!, key)).toBe('invalid');
    expect(judgeSignature(parseNote(NOTE)!, other)).toBe('absent');
    expect(judgeSignature({ text: TEXT, signatures: [] }, key)).toBe('absent');
  });

  it.each([
    ['no line end', 'text'],
    ['a signature without its mark', `${TEXT}\nPeterNeumann x08go/ZJ\n`],
    ['a signature that is no base64', `${TEXT}\n\u2014 a !!!!\n`],
    ['a signature too short', `${TEXT}\n\u2014 a AAAA\n`],
    ['no line end after the signature', NOTE.slice(0, -1)],
  ])('are not: %s', (_, note) => {
    expect(parseNote(note)).toBeUndefined();
  });

  it.each([
    ['another hash', VERIFIER.replace('c74f20a3', 'c74f20a4')],
    ['another type', VERIFIER.replace('+ARpc', '+AhpC')],
    ['no key', 'PeterNeumann'],
  ])('have no key with %s', (_, key) => {
    expect(parseVerifierKey(key)).toBeUndefined();
  });
});

describe('checkpoints', () => {
  const body = {
    origin: 'example.com/log',
    size: 42,
    root: 'ab'.repeat(32),
    number: 7,
  };

  it('are read as they are written', () => {
    expect(formatCheckpoint(body).split('\n').slice(0, 3)).toEqual([
      'example.com/log',
      '42',
      'q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=',
    ]);
    expect(parseCheckpoint(formatCheckpoint(body))).toEqual(body);
  });

  it.each([
    ['a size with a leading zero', ['42', '042']],
    ['a negative size', ['42', '-42']],
    ['a root too short', [/q6urq.*=\n/, 'q6ur\n']],
    ['no number', ['istio-portal checkpoint 7\n', '']],
    ['something more', [/7\n$/, '7\nmore\n']],
    ['no origin', ['example.com/log', '']],
  ] as [string, [string | RegExp, string]][])(
    'are not: %s',
    (_, [from, to]) => {
      expect(
        parseCheckpoint(formatCheckpoint(body).replace(from, to)),
      ).toBeUndefined();
    },
  );
});

describe('base64', () => {
  it('is one text per value', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), bytes => {
        const text = toBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64'));
        expect(fromBase64(text)).toEqual(bytes);
      }),
    );
    for (const text of ['AAA', 'AB==', 'A===', 'AA=A', 'AA A', 'AA-_']) {
      expect(fromBase64(text)).toBeUndefined();
    }
  });
});

describe('keys of a log', () => {
  const [a, b, c] = [
    signerOf('log', 1),
    signerOf('log', 2),
    signerOf('log', 3),
  ];
  const rotation = rotateKey('log', { from: a, to: b });
  const statements = [
    announceKey('log', a),
    rotation,
    announceKey('log', c),
  ].map((note, index) => ({
    seq: index + 1,
    statement: readKeyStatement(note, digest)!,
  }));

  it('are vouched for by each other', () => {
    expect(statements.map(({ statement }) => statement)).toEqual([
      { origin: 'log', to: a.verifierKey },
      { origin: 'log', from: a.verifierKey, to: b.verifierKey },
      { origin: 'log', to: c.verifierKey },
    ]);
    const onlyNew = rotation
      .split('\n')
      .filter((_, index) => index !== 5)
      .join('\n');
    expect(readKeyStatement(onlyNew, digest)).toBeUndefined();
    expect(
      readKeyStatement(rotation.replace('log', 'other'), digest),
    ).toBeUndefined();
  });

  it.each([
    ['the first is given', [a.verifierKey], [a, b], [3]],
    ['the last of a rotation is given', [b.verifierKey], [a, b], [3]],
    ['none is given', [], [a, b], [3]],
    [
      'a stranger is given',
      [signerOf('log', 9).verifierKey],
      [signerOf('log', 9)],
      [1, 2, 3],
    ],
  ])('are believed when %s', (_, given, believed, strangers) => {
    const keys = resolveKeys(statements, given);
    expect(
      keys.verifiers.map(({ publicKey }) => toBase64(publicKey)).sort(),
    ).toEqual(
      believed
        .map(({ verifierKey }) =>
          toBase64(parseVerifierKey(verifierKey)!.publicKey),
        )
        .sort(),
    );
    expect(keys.strangers.map(({ seq }) => seq)).toEqual(strangers);
    expect(keys.isSelfNamed).toBe(given.length === 0);
  });
});
