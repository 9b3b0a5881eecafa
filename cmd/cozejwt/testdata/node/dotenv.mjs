// Prints what npm dotenv reads from a file, as JSON.
import { readFileSync } from 'node:fs';
import dotenv from 'dotenv';

console.log(JSON.stringify(dotenv.parse(readFileSync(process.argv[2]))));
