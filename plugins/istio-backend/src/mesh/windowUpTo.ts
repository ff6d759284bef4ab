/** A window by its end, epoch milliseconds, and its length. */
export function windowUpTo(to: number, seconds: number) {
  return {
    seconds,
    from: new Date(to - seconds * 1000).toISOString(),
    to: new Date(to).toISOString(),
  };
}
