// Gets a token with the official SDK and the variables of the .env that node
// itself has read (--env-file). Prints what the test compares.
import { readFileSync } from 'node:fs';
import { getJWTToken } from '@coze/api';

const env = process.env;
const token = await getJWTToken({
  baseURL: env.COZE_API_BASE,
  aud: new URL(env.COZE_API_BASE).host,
  appId: env.COZE_CLIENT_ID,
  keyid: env.COZE_PUBLIC_KEY,
  privateKey: readFileSync(env.COZE_PRIVATE_KEY_PATH, 'utf8'),
});
console.log(JSON.stringify({
  client_id: env.COZE_CLIENT_ID,
  key_id: env.COZE_PUBLIC_KEY,
  token_type: token.token_type,
  has_token: token.access_token.length > 20,
  expires_at: new Date(token.expires_in * 1000).toISOString(), // an absolute time, as its examples say
}));
