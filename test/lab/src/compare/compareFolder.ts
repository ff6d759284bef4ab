import { join } from 'node:path';
import { LAB_FOLDER } from '../build/fingerprint';

/** Where the tables and the probe lie. */
export const COMPARE_FOLDER = join(LAB_FOLDER, 'src', 'compare');
