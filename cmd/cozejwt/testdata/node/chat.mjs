// The official SDK, with the token that stands in the environment: who am I, which
// workspaces and bots are there, and a chat, streamed.
import { CozeAPI, ChatEventType, RoleType } from "@coze/api";

const client = new CozeAPI({ token: process.env.COZE_API_TOKEN, baseURL: process.env.COZE_API_BASE });
const { workspaces } = await client.workspaces.list();
const { items } = await client.bots.listNew({ workspace_id: workspaces[0].id });
let said = "";
const events = [];
for await (const part of client.chat.stream({
  bot_id: items[0].id, user_id: "someone", additional_messages: [{ role: RoleType.User, content: "hello from the SDK", content_type: "text" }],
})) {
  events.push(part.event);
  if (part.event === ChatEventType.CONVERSATION_MESSAGE_DELTA) said += part.data.content;
}
console.log(JSON.stringify({ workspace: workspaces[0].name, bot: items[0].name, said, last: events.at(-1) }));
