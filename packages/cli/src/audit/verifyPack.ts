import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bytesToHex,
  judgeSignature,
  LogProblem,
  LogReport,
  PACK_LOG,
  PACK_SUMS,
  parseNote,
  parsePackSums,
  parseVerifierKey,
  SignedNote,
} from '@istio-backstage/plugin-istio-common';
import { BadInput } from '../BadInput';
import { nativeDigest } from './nativeDigest';
import { readLines } from './readLines';
import { Trusted } from './readTrusted';
import { verifyExport } from './verifyExport';

/** Verifies an evidence pack: the signed list, each file against it, and the export inside. */
export async function verifyPack(
  folder: string,
  { place, trusted }: { place: string; trusted: Trusted },
): Promise<LogReport> {
  const note = parseNote(read(folder, PACK_SUMS)?.toString('utf8') ?? '');
  const list = note && parsePackSums(note.text);
  if (!note || !list || !list.sums.has(PACK_LOG)) {
    throw new BadInput(`${place} is no evidence pack: it has no ${PACK_SUMS}`);
  }
  const altered = [...list.sums].flatMap(([name, sum]) => {
    const content = read(folder, name);
    if (content && bytesToHex(nativeDigest.sha256(content)) === sum) return [];
    const text = content ? 'is not the one that was packed' : 'is missing';
    return [problem('packAltered', name, `${name} ${text}`)];
  });
  const signature = judge(note, trusted);
  const report = await verifyExport(readLines(join(folder, PACK_LOG)), {
    place: join(place, PACK_LOG),
    trusted,
  });
  const problems = [...signature.problems, ...altered, ...report.problems];
  const problemCount =
    report.problemCount + problems.length - report.problems.length;
  return {
    ...report,
    verdict: problemCount === 0 ? 'intact' : 'broken',
    problems,
    problemCount,
    notes: [...signature.notes, ...report.notes],
  };
}

function judge(
  note: SignedNote,
  { keys }: Trusted,
): { problems: LogProblem[]; notes: string[] } {
  if (keys.length === 0) {
    const text = 'Who made the pack was not checked: give the key with --key.';
    return { problems: [], notes: [text] };
  }
  const verdicts = keys.flatMap(key => {
    const verifier = parseVerifierKey(key);
    return verifier ? [judgeSignature(note, verifier, nativeDigest)] : [];
  });
  if (verdicts.includes('valid') && !verdicts.includes('invalid')) {
    return { problems: [], notes: [] };
  }
  const text = verdicts.includes('invalid')
    ? 'its signature does not fit'
    : 'it is not signed by a key that was given';
  const code = verdicts.includes('invalid')
    ? 'checkpointForged'
    : 'keyUntrusted';
  return {
    problems: [problem(code, PACK_SUMS, `${PACK_SUMS}: ${text}`)],
    notes: [],
  };
}

function problem(
  code: LogProblem['code'],
  place: string,
  text: string,
): LogProblem {
  return { code, place, text };
}

function read(folder: string, name: string): Buffer | undefined {
  try {
    return readFileSync(join(folder, name));
  } catch {
    return undefined;
  }
}
