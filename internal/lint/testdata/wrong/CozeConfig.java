package demo;

import com.coze.openapi.client.auth.scope.Scope;
import com.coze.openapi.service.auth.JWTOAuth;
import com.coze.openapi.service.auth.JWTOAuthClient;
import com.coze.openapi.service.service.CozeAPI;
import java.time.Instant;
import java.util.Arrays;

public class CozeConfig {
  static final String KEY = "{{KEY_CONCATENATED}}"; // WANT key

  CozeAPI api() throws Exception {
    JWTOAuthClient client = new JWTOAuthClient.JWTOAuthBuilder() // WANT base
        .clientID("1")
        .publicKey("kid")
        .privateKey(KEY)
        .build();
    var token = client.getAccessToken(900, Scope.buildBotChat(Arrays.asList("7"), null)); // WANT scope
    Instant expires = Instant.now().plusSeconds(token.getExpiresIn()); // WANT expires_in
    long millis = System.currentTimeMillis() + token.getExpiresIn() * 1000L; // WANT expires_in
    return new CozeAPI.Builder().auth(new JWTOAuth(client)).readTimeout(10000).build(); // WANT base
  }
}
