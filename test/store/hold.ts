import { systemClock, systemIds } from '../../src/clock.ts';
import { openStore } from '../../src/store/sqlite.ts';

// Opens the folder named on the command line and holds it until it is killed.
openStore({ dir: process.argv[2] ?? '', clock: systemClock, ids: systemIds });
process.stdout.write('open\n');
setInterval(() => undefined, 1_000);
