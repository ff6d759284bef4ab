import { labObstacles } from './whyNoLab';

/** Prints what keeps this machine from building and running a lab, one sentence a line; nothing when it can. */
for (const sentence of labObstacles()) process.stdout.write(`${sentence}\n`);
