import { CozeAPI, getJWTToken } from '@coze/api';

const client = new CozeAPI({ token: process.env.COZE_TOKEN! }); // WANT base
const second = new CozeAPI({ // WANT base
  token: async () => (await exchange()).access_token,
  debug: true,
});

async function exchange() {
  const result = await getJWTToken({ // WANT base
    appId: process.env.COZE_CLIENT_ID!,
    aud: 'https://api.coze.cn', // WANT aud
    keyid: process.env.COZE_PUBLIC_KEY!,
    privateKey: process.env.COZE_PRIVATE_KEY!,
    scope: {
      account_permission: { permission_list: ['Connector.botChat'] }, // WANT scope
      attribute_constraint: { connector_bot_chat_attribute: { bot_id_list: ['7'] } },
    },
  });
  const expiresAt = Date.now() + result.expires_in * 1000; // WANT expires_in
  setTimeout(exchange, (result.expires_in - 60) * 1000); // WANT expires_in
  return { ...result, expiresAt };
}
export { client, second };
