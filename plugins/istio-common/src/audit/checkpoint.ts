import { bytesToHex, fromBase64, parseHash, toBase64 } from './bytes';

/** What a checkpoint says (C2SP tlog-checkpoint). */
export interface CheckpointBody {
  origin: string;
  size: number;
  /** Hex. */
  root: string;
  /**
   * In an extension line: consecutive numbers inside the signed text, so that a checkpoint cannot
   * be taken out of the middle.
   */
  number: number;
}

const EXTENSION = /^istio-portal checkpoint ([1-9]\d{0,14})$/;

export function formatCheckpoint(body: CheckpointBody): string {
  const root = parseHash(body.root);
  if (!root || body.origin === '' || body.origin.includes('\n')) {
    throw new Error('A checkpoint needs an origin on one line and a root');
  }
  return `${body.origin}\n${body.size}\n${toBase64(
    root,
  )}\nistio-portal checkpoint ${body.number}\n`;
}

/** Undefined for what is no checkpoint of a log like this. */
export function parseCheckpoint(text: string): CheckpointBody | undefined {
  const [origin, size, root, extension, end, ...rest] = text.split('\n');
  const number = EXTENSION.exec(extension ?? '')?.[1];
  const bytes = fromBase64(root ?? '');
  if (
    !origin ||
    !/^(0|[1-9]\d{0,14})$/.test(size ?? '') ||
    bytes?.length !== 32 ||
    number === undefined ||
    end !== '' ||
    rest.length > 0
  ) {
    return undefined;
  }
  return {
    origin,
    size: Number(size),
    root: bytesToHex(bytes),
    number: Number(number),
  };
}
