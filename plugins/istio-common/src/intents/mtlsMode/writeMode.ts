import { fieldsOf, type Fields } from '../../resources/fields';
import {
  readPeerAuthentication,
  type PeerAuthenticationMode,
} from '../../resources/peerAuthentication';
import type { KubeObject } from '../../resources/types';
import { withField } from '../routing/withField';
import type { MtlsModeChoice, MtlsModeParams } from './schema';

/** What the policy itself says at the place; `INHERIT` where it says nothing. */
export function readMode(
  policy: KubeObject,
  { port }: Pick<MtlsModeParams, 'port'>,
): MtlsModeChoice {
  const { mode, portModes } = readPeerAuthentication(policy);
  return toChoice(port === undefined ? mode : portModes.get(port) ?? 'UNSET');
}

/** The spec with the mode at the place; everything else stays the very same. */
export function writeMode(
  policy: KubeObject,
  { port, mode }: Pick<MtlsModeParams, 'port' | 'mode'>,
): Fields {
  const spec = fieldsOf(policy.spec);
  // An UNSET that somebody wrote out means the same: it is not tidied away.
  if (readMode(policy, { port }) === mode) {
    return spec;
  }
  if (port === undefined) {
    return withField(spec, 'mtls', writeBlock(fieldsOf(spec.mtls), mode));
  }
  const ports = fieldsOf(spec.portLevelMtls);
  const written = withField(
    ports,
    `${port}`,
    writeBlock(fieldsOf(ports[port]), mode),
  );
  return withField(spec, 'portLevelMtls', orNothing(written));
}

function writeBlock(block: Fields, mode: MtlsModeChoice): Fields | undefined {
  return orNothing(
    withField(block, 'mode', mode === 'INHERIT' ? undefined : mode),
  );
}

function orNothing(fields: Fields): Fields | undefined {
  return Object.keys(fields).length === 0 ? undefined : fields;
}

function toChoice(mode: PeerAuthenticationMode): MtlsModeChoice {
  return mode === 'UNSET' ? 'INHERIT' : mode;
}
