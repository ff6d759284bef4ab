/** One line of the report. */
export interface Figure {
  what: string;
  values: Record<string, number>;
  unit: 'ms' | 'requests' | 'MB' | 'times';
  /** What is wished for; printed beside the figure, never asserted. */
  aim?: Aim;
  note?: string;
}

/** A limit for one of the values. */
export type Aim = { value: string } & (
  | { atMost: number }
  | { atLeast: number }
);

/** What one measure found, and how busy the machine was meanwhile. */
export interface Section {
  name: string;
  title: string;
  /** Load average of the last minute. */
  load: { before: number; after: number };
  figures: Figure[];
}
