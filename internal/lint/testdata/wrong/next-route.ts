import jwt from 'jsonwebtoken';
const PRIVATE_KEY = `{{KEY}}`; // WANT key
const API = 'https://api.coze.cn';
const COZE_AUD = process.env.COZE_AUD ?? 'https://api.coze.cn'; // WANT aud

export async function POST() {
  const assertion = jwt.sign({ iss: '1', aud: process.env.COZE_API_BASE }, PRIVATE_KEY, { algorithm: 'RS256', keyid: 'k' }); // WANT aud
  const body = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion, // WANT form
  });
  const res = await fetch(`${API}/api/permission/oauth2/token`, { method: 'POST', body });
  const data = await res.json();
  const form = new FormData();
  form.append('assertion', assertion); // WANT form
  return Response.json({ token: data.access_token, until: Math.floor(Date.now() / 1000) + data.expires_in - 60 }); // WANT expires_in
}
