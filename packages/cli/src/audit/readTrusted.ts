import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  Anchor,
  parseAnchors,
  parseVerifierKey,
} from '@istio-backstage/plugin-istio-common';
import { CommandOptions } from '../arguments/options';
import { textsFlag } from '../arguments/readFlags';
import { BadInput } from '../BadInput';
import { Terminal } from '../types';

/** What the caller trusts, from outside the log. */
export interface Trusted {
  keys: string[];
  anchors: Anchor[];
}

/** Keys and anchors as the command line names them. Throws `BadInput`. */
export function readTrusted(
  { values }: CommandOptions,
  terminal: Terminal,
): Trusted {
  const read = (file: string) => {
    try {
      return readFileSync(resolve(terminal.cwd, file), 'utf8');
    } catch (error) {
      throw new BadInput(
        `${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`,
      );
    }
  };
  return {
    keys: textsFlag(values, 'key').map(given => {
      const key = (parseVerifierKey(given) ? given : read(given)).trim();
      if (!parseVerifierKey(key)) {
        throw new BadInput(
          `--key must be a verifier key (NAME+HASH+KEY) or a file that holds one, ${given} is neither`,
        );
      }
      return key;
    }),
    anchors: textsFlag(values, 'anchor').flatMap(file =>
      parseAnchors(file, read(file)),
    ),
  };
}
