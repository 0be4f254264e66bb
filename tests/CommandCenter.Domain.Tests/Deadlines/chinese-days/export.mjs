// Writes what the npm package chinese-days says of every day from 2023 on into ../../golden/chinese-days.golden.txt.
// Run after a new release: npm ci && npm run export. One line a month, one character a day: 1 is a working day.
import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';

// The package reads a date as UTC and asks for its local weekday: west of Greenwich every weekend would begin on Sunday.
process.env.TZ = 'UTC';

const require = createRequire(import.meta.url);
const days = require('chinese-days');
const { version } = require('chinese-days/package.json');
const known = require('chinese-days/dist/chinese-days.json');

// The package answers for years that it does not know by weekends alone, so the data itself says how far it goes.
const last = Math.max(...Object.keys(known.holidays).map((day) => Number(day.slice(0, 4))));
const two = (number) => String(number).padStart(2, '0');
const lines = [`# chinese-days ${version}, last year known: ${last}`];
for (let year = 2023; year <= last; year += 1) {
  for (let month = 1; month <= 12; month += 1) {
    const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
    const bits = Array.from({ length }, (_, index) => (days.isWorkday(`${year}-${two(month)}-${two(index + 1)}`) ? '1' : '0'));
    lines.push(`${year}-${two(month)} ${bits.join('')}`);
  }
}
writeFileSync(new URL('../../golden/chinese-days.golden.txt', import.meta.url), `${lines.join('\n')}\n`);
