// Shape of a channel's server: an OAuth JWT channel app may have a scope (oauth_jwt_channel).
import { getJWTToken } from '@coze/api';

export const token = (connectorId: string, botID: string, c: Config) => getJWTToken({
  baseURL: c.baseURL, appId: c.appId, aud: c.aud, keyid: c.keyid, privateKey: c.privateKey,
  scope: {
    account_permission: { permission_list: ['Connector.botChat'] },
    attribute_constraint: { connector_bot_chat_attribute: { bot_id_list: [botID] } },
  },
});
