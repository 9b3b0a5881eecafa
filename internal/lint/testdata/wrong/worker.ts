import { CozeAPI, getJWTToken } from '@coze/api'

export function claims(appId: string) {
  return { iss: appId, aud: 'api.coze.cn', iat: Date.now(), exp: Date.now() + 600_000 } // WANT exp_ms
}

export const coze = new CozeAPI({
  token: () => currentToken(),
  baseURL: 'https://api.coze.cn/v1', // WANT base_path
})
