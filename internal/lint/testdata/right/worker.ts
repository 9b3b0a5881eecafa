import { CozeAPI, getJWTToken } from '@coze/api'

export function claims(appId: string) {
  const now = Math.floor(Date.now() / 1000)
  return { iss: appId, aud: 'api.coze.cn', iat: now, exp: now + 600, issuedAt: Date.now() }
}

const RUNS = 'https://api.coze.cn/v1/workflow'
const baseURL = 'https://api.coze.cn/v1'
export const run = (id: string) => fetch(`${baseURL}/workflows/${id}`)

export const coze = new CozeAPI({ token: () => currentToken(), baseURL: 'https://api.coze.cn' })
