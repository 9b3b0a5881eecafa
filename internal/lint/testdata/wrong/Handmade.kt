package demo.coze

class Tokens(private val jwt: String) {
    fun claims() = Jwts.builder().issuer("1").audience().add("https://api.coze.cn").and().compact() // WANT aud
    fun older() = Jwts.builder().setAudience("https://api.coze.cn").compact() // WANT aud
    fun request() = Request.Builder().url("https://api.coze.cn/api/permission/oauth2/token")
        .post(FormBody.Builder().add("grant_type", "urn:x").add("assertion", jwt).build()).build() // WANT form
    fun expires(token: Token) = Instant.now().plusSeconds(token.expiresIn) // WANT expires_in
}
