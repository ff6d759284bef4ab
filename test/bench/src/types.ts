/** One line of the report. */
export interface Figure {
  what: string;
  values: Record<string, number>;
  unit: 'ms' | 'requests' | 'MB' | 'times';
  /** What is wished for; printed beside the figure, never asserted. */
  aim?: { value: string; atMost: number };
  note?: string;
}

/** What one measure found, and how busy the machine was meanwhile. */
export interface Section {
  name: string;
  title: string;
  /** Load average of the last minute. */
  load: { before: number; after: number };
  figures: Figure[];
}
