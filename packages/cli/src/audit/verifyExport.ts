import {
  ExportUnreadable,
  ExportVerifier,
  LogReport,
} from '@istio-backstage/plugin-istio-common';
import { BadInput } from '../BadInput';
import { nativeDigest } from './nativeDigest';
import { Trusted } from './readTrusted';

/** Verifies the lines of an export, `place` for messages. Throws `BadInput` for what is none. */
export async function verifyExport(
  lines: Iterable<string> | AsyncIterable<string>,
  { place, trusted }: { place: string; trusted: Trusted },
): Promise<LogReport> {
  const verifier = ExportVerifier.create({ digest: nativeDigest, ...trusted });
  try {
    for await (const line of lines) verifier.addLine(line);
    return verifier.finish();
  } catch (error) {
    if (error instanceof ExportUnreadable) {
      throw new BadInput(`${place}: ${error.message}`);
    }
    throw error;
  }
}
