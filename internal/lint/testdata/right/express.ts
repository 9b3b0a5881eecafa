// Shape of an Express server with @coze/api and a token per user.
import express from 'express';
import fs from 'node:fs';
import { CozeAPI, COZE_CN_BASE_URL, getJWTToken, type JWTScope } from '@coze/api';

/* Never new CozeAPI({ token }) alone: it calls api.coze.com.
 * Never { aud: 'https://api.coze.cn' } either. */
interface Cached { token: string; expiresAt: number }
interface TokenOptions { scope?: JWTScope; assertion: string; expires_in: number }
const cache = new Map<string, Cached>();
const privateKey = fs.readFileSync(process.env.COZE_PRIVATE_KEY_PATH!, 'utf8');
const aud = process.env.COZE_AUD || new URL(process.env.COZE_API_BASE!).host;

export async function tokenOf(user: string, options: Partial<TokenOptions> = {}) {
  const kept = cache.get(user);
  if (kept && kept.expiresAt > Date.now() + 60_000) return kept.token;
  const answer = await getJWTToken({
    baseURL: process.env.COZE_API_BASE,
    appId: process.env.COZE_CLIENT_ID!, aud, keyid: process.env.COZE_PUBLIC_KEY!,
    privateKey, sessionName: user, durationSeconds: 900,
  });
  cache.set(user, { token: answer.access_token, expiresAt: answer.expires_in * 1000 });
  setTimeout(() => cache.delete(user), answer.expires_in * 1000 - Date.now());
  return answer.access_token;
}

export const cn = new CozeAPI({ token: () => tokenOf('a'), baseURL: COZE_CN_BASE_URL });
export const kept = (config: { token: string }) => new CozeAPI(config);
export const spread = (config: object) => new CozeAPI({ ...config, token: 'x' } as any);
const baseURL = process.env.COZE_API_BASE;
export const short = new CozeAPI({
  token: async () => (await tokenOf('b', {})), // a comment with a ' in it
  baseURL,
  axiosOptions: { headers: { 'X-A': `${1 + 1}` } },
});
console.warn("never write aud: 'https://api.coze.cn', nor new CozeAPI({ token })");
express().listen(3000, () => console.log('http://localhost:3000/oauth/callback'));
