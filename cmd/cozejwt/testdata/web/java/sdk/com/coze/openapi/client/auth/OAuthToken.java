// Stands in for the official SDK where it cannot be had, with the signatures of coze-java 26b79da.
package com.coze.openapi.client.auth;

public class OAuthToken {
    private final String accessToken;
    private final Integer expiresIn;

    public OAuthToken(String accessToken, Integer expiresIn) {
        this.accessToken = accessToken;
        this.expiresIn = expiresIn;
    }

    public String getAccessToken() {
        return accessToken;
    }

    public Integer getExpiresIn() {
        return expiresIn;
    }
}
