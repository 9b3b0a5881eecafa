// Stands in for the official SDK where it cannot be had, with the signatures of coze-java 26b79da.
package com.coze.openapi.client.auth;

public class GetJWTAccessTokenReq {
    public Integer ttl = 900;
    public String sessionName;
    public Long accountID;
    public String enterpriseID;

    public static GetJWTAccessTokenReqBuilder builder() {
        return new GetJWTAccessTokenReqBuilder();
    }

    public static class GetJWTAccessTokenReqBuilder {
        private final GetJWTAccessTokenReq req = new GetJWTAccessTokenReq();

        public GetJWTAccessTokenReqBuilder ttl(Integer ttl) {
            req.ttl = ttl;
            return this;
        }

        public GetJWTAccessTokenReqBuilder sessionName(String sessionName) {
            req.sessionName = sessionName;
            return this;
        }

        public GetJWTAccessTokenReqBuilder accountID(Long accountID) {
            req.accountID = accountID;
            return this;
        }

        public GetJWTAccessTokenReqBuilder enterpriseID(String enterpriseID) {
            req.enterpriseID = enterpriseID;
            return this;
        }

        public GetJWTAccessTokenReq build() {
            return req;
        }
    }
}
