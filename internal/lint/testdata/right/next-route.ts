// Shape of a Next.js route that signs by hand, in a project that knows Google and WeChat as well.
import jwt from 'jsonwebtoken';

const COZE_TOKEN_URL = 'https://api.coze.cn/api/permission/oauth2/token';
const COZE_AUDIENCE = 'api.coze.cn';

function sign({ expiresIn = 3600 } = {}) {
  const now = Math.floor(Date.now() / 1000);
  return jwt.sign({ iss: process.env.COZE_CLIENT_ID, aud: COZE_AUDIENCE, iat: now, exp: now + expiresIn, jti: crypto.randomUUID() },
    process.env.COZE_PRIVATE_KEY!.replace(/\\n/g, '\n'), { algorithm: 'RS256', keyid: process.env.COZE_PUBLIC_KEY });
}

export async function POST() {
  const assertion = sign();
  const res = await fetch(COZE_TOKEN_URL, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${assertion}` },
    body: JSON.stringify({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', duration_seconds: 900 }),
  });
  const data = await res.json();
  return Response.json({ token: data.access_token, expires: new Date(data.expires_in * 1000) });
}

async function google(assertion: string) {
  const res = await fetch('https://oauth2.googleapis.com/token', {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }),
  });
  const data = await res.json();
  return { token: data.access_token, expiresAt: Date.now() + data.expires_in * 1000 };
}

async function wechat() {
  const wx = await (await fetch('https://api.weixin.qq.com/cgi-bin/token?grant_type=client_credential')).json();
  return { token: wx.access_token, until: Date.now() + wx.expires_in * 1000 };
}
const pem = (text: string) => text.replace('-----BEGIN PRIVATE KEY-----', '').replace('-----END PRIVATE KEY-----', '').trim();
const sample = 'pat_your_personal_access_token_here';
export { google, wechat, pem, sample };
