// Stands in for the official SDK where it cannot be had, with the signatures of coze-java 26b79da.
package com.coze.openapi.service.auth;

import com.coze.openapi.client.auth.GetJWTAccessTokenReq;
import com.coze.openapi.client.auth.OAuthToken;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Pattern;

public class JWTOAuthClient {
    private final JWTOAuthBuilder from;
    private final PrivateKey key;

    private JWTOAuthClient(JWTOAuthBuilder from) throws Exception {
        this.from = from;
        String body = from.privateKey.replace("-----BEGIN PRIVATE KEY-----", "").replace("-----END PRIVATE KEY-----", "").replaceAll("\\s", "");
        key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
    }

    public OAuthToken getAccessToken() {
        return getAccessToken(900, null);
    }

    public OAuthToken getAccessToken(GetJWTAccessTokenReq req) {
        String path = req.accountID != null ? "account/" + req.accountID + "/token"
            : req.enterpriseID != null ? "enterprise_id/" + req.enterpriseID + "/token" : "token";
        return request(req.ttl, req.sessionName, path);
    }

    public OAuthToken getAccessToken(Integer ttl, String sessionName) {
        return request(ttl, sessionName, "token");
    }

    private OAuthToken request(Integer ttl, String sessionName, String path) {
        try {
            long now = System.currentTimeMillis() / 1000;
            String jwt = encoded(String.format("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"%s\"}", from.publicKey).getBytes()) + "." + encoded(String.format(
                "{\"iss\":\"%s\",\"aud\":\"%s\",\"iat\":%d,\"exp\":%d,\"jti\":\"%s\",\"session_name\":\"%s\"}",
                from.clientID, URI.create(from.baseURL).getAuthority(), now, now + ttl, UUID.randomUUID(), sessionName).getBytes());
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(jwt.getBytes());
            HttpResponse<String> answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(from.baseURL + "/api/permission/oauth2/" + path))
                .header("Content-Type", "application/json").header("Authorization", "Bearer " + jwt + "." + encoded(signature.sign()))
                .POST(HttpRequest.BodyPublishers.ofString("{\"grant_type\":\"urn:ietf:params:oauth:grant-type:jwt-bearer\",\"duration_seconds\":" + ttl + "}"))
                .build(), HttpResponse.BodyHandlers.ofString());
            return new OAuthToken(part(answer.body(), "\"access_token\":\\s*\"([^\"]+)\""), Integer.valueOf(part(answer.body(), "\"expires_in\":\\s*(\\d+)")));
        } catch (Exception e) {
            throw new RuntimeException(e);
        }
    }

    private static String encoded(byte[] data) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(data);
    }

    private static String part(String text, String pattern) {
        var matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("refused");
        }
        return matcher.group(1);
    }

    public static class JWTOAuthBuilder {
        private String clientID;
        private String publicKey;
        private String privateKey;
        private String baseURL;

        public JWTOAuthBuilder clientID(String value) {
            clientID = value;
            return this;
        }

        public JWTOAuthBuilder publicKey(String value) {
            publicKey = value;
            return this;
        }

        public JWTOAuthBuilder privateKey(String value) {
            privateKey = value;
            return this;
        }

        public JWTOAuthBuilder baseURL(String value) {
            baseURL = value;
            return this;
        }

        public JWTOAuthClient build() throws Exception {
            return new JWTOAuthClient(this);
        }
    }
}
