// After a build: the gzipped size of what index.html fetches before anything shows, without the chunks fetched later.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const LIMIT = 250_000;
const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const html = readFileSync(join(dist, 'index.html'), 'utf8');
const files = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1]);
const total = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file))).length, 0);
process.stdout.write(`${files.length} files, ${total} bytes gzipped, limit ${LIMIT}\n`);
if (files.length === 0 || total > LIMIT) process.exitCode = 1;
