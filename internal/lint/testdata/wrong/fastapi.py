import time

from cozepy import Coze, AsyncCoze, JWTAuth, JWTOAuthApp, Scope, TokenAuth

coze = Coze(auth=TokenAuth("{{PAT}}"))  # WANT base pat
app = JWTOAuthApp(  # WANT base
    client_id="1",
    private_key="k",
    public_key_id="kid",
)
client = AsyncCoze(  # WANT base
    auth=JWTAuth("1", "k", "kid", ttl=900),  # WANT base
)
token = app.get_access_token(ttl=900, scope=Scope.build_bot_chat(["7"], ["Connector.botChat"]))  # WANT scope
expires_at = time.time() + token.expires_in  # WANT expires_in
