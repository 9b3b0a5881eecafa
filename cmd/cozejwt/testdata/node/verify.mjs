// Verifies a JWT with jsonwebtoken and a public key file. Prints its claims.
import { readFileSync } from 'node:fs';
import jwt from 'jsonwebtoken';

const [token, key, audience] = process.argv.slice(2);
console.log(JSON.stringify(jwt.verify(token, readFileSync(key), { algorithms: ['RS256'], audience })));
