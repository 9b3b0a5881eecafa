// A token endpoint in Node's own crypto: it knows one public key, which it is
// given with the App ID and the Key ID, and prints its address.
import { createServer } from 'node:http';
import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [appId, keyId, publicKeyFile] = process.argv.slice(2);
const publicKey = createPublicKey(readFileSync(publicKeyFile));

function refuse(jwt, host) {
  const [header, claims, signature] = jwt.split('.');
  const parse = (part) => JSON.parse(Buffer.from(part, 'base64url'));
  const { alg, kid } = parse(header);
  const { iss, aud, iat, exp, jti } = parse(claims);
  const now = Date.now() / 1000;
  if (kid !== keyId || iss !== appId) return 'kid not been registred';
  if (alg !== 'RS256' || !verify('sha256', `${header}.${claims}`, publicKey, Buffer.from(signature, 'base64url'))) return 'bad signature';
  if (aud !== host || !jti || iat > now + 1 || exp < now) return 'bad claims';
  return '';
}

const server = createServer((req, res) => {
  let body = '';
  req.on('data', (chunk) => { body += chunk; });
  req.on('end', () => {
    const why = refuse(req.headers.authorization.replace('Bearer ', ''), req.headers.host);
    const asked = JSON.parse(body);
    res.setHeader('X-Tt-Logid', '20261123node');
    res.statusCode = why ? 401 : 200;
    res.end(JSON.stringify(why
      ? { error_code: 'invalid_client', error_message: `invalid jwt: ${why}`, error: 'invalid_client' }
      : { access_token: 'from_node_crypto', expires_in: Math.floor(Date.now() / 1000) + asked.duration_seconds, token_type: 'Bearer' }));
  });
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
