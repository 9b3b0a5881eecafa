package demo;

import com.coze.openapi.service.auth.JWTOAuth;
import com.coze.openapi.service.auth.JWTOAuthClient;
import com.coze.openapi.service.config.Consts;
import com.coze.openapi.service.service.CozeAPI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Shape of a Spring configuration with coze-java.
 * Not new CozeAPI.Builder().auth(auth).build(): that is api.coze.com.
 */
public class CozeConfig {
  CozeAPI api(CozeProperties p) throws Exception {
    JWTOAuthClient client = new JWTOAuthClient.JWTOAuthBuilder()
        .clientID(p.getClientId())
        .publicKey(p.getPublicKey())
        .privateKey(Files.readString(Path.of(p.getPrivateKeyPath())))
        .baseURL(Consts.COZE_CN_BASE_URL)
        .build();
    Instant expires = Instant.ofEpochSecond(client.getAccessToken().getExpiresIn());
    if (System.currentTimeMillis() + 60_000 > expires.toEpochMilli()) {
      throw new IllegalStateException("aud(\"https://api.coze.cn\") is wrong");
    }
    CozeAPI.Builder kept = new CozeAPI.Builder();
    kept.baseURL(p.getBaseUrl());
    return new CozeAPI.Builder()
        .baseURL(p.getBaseUrl())
        .auth(new JWTOAuth(client))
        .build();
  }
}
