import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** Lines of a file that may be larger than memory. */
export function readLines(file: string): AsyncIterable<string> {
  return createInterface({
    input: createReadStream(file, 'utf8'),
    crlfDelay: Infinity,
  });
}
