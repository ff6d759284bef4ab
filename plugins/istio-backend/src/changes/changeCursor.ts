import { InputError } from '@backstage/errors';

/** Position in the list of changes: the last row of the page before. */
export interface ChangePosition {
  createdAt: number;
  id: string;
}

export function encodeCursor({ createdAt, id }: ChangePosition): string {
  return Buffer.from(`${createdAt}:${id}`).toString('base64url');
}

/** Throws InputError for anything that no page gave out. */
export function decodeCursor(cursor: string): ChangePosition {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const match = /^(\d{1,15}):([0-9A-Z]{26})$/.exec(text);
  if (!match) {
    throw new InputError('cursor: must be the nextCursor of a page before');
  }
  return { createdAt: Number(match[1]), id: match[2] };
}
