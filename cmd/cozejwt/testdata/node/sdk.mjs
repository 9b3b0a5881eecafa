// Gets a token with the official SDK from coze_oauth_config.json, as its own
// example does, or from the variables of the environment. Prints whose it is.
import { readFileSync } from 'node:fs';
import { getJWTToken } from '@coze/api';

const read = {
  json(path) {
    const c = JSON.parse(readFileSync(path, 'utf8'));
    return { base: c.coze_api_base, appId: c.client_id, keyid: c.public_key_id, privateKey: c.private_key };
  },
  default() {
    const e = process.env;
    return { base: e.COZE_API_BASE, appId: e.COZE_CLIENT_ID, keyid: e.COZE_PUBLIC_KEY, privateKey: readFileSync(e.COZE_PRIVATE_KEY_PATH, 'utf8') };
  },
  sdk() {
    const e = process.env;
    return { base: e.COZE_API_BASE, appId: e.COZE_JWT_OAUTH_CLIENT_ID, keyid: e.COZE_JWT_OAUTH_PUBLIC_KEY_ID, privateKey: readFileSync(e.COZE_JWT_OAUTH_PRIVATE_KEY_FILE_PATH, 'utf8') };
  },
};
const { base, ...set } = read[process.argv[2]](process.argv[3]);
const token = await getJWTToken({ baseURL: base, aud: new URL(base).host, ...set });
if (!token.access_token) throw new Error('no token');
console.log(set.appId);
