// Shape of a Kotlin service with jjwt and OkHttp.
package demo.coze

class Tokens(private val assertion: String, val expiresIn: Long) {
    fun claims() = Jwts.builder().header().keyId("kid").and().issuer("1").audience().add("api.coze.cn").and().compact()
    fun request() = Request.Builder().url("https://api.coze.cn/api/permission/oauth2/token")
        .header("Authorization", "Bearer $assertion")
        .post("""{"grant_type":"urn:ietf:params:oauth:grant-type:jwt-bearer"}""".toRequestBody(json)).build()
    fun isFresh(token: Token) = token.expiresIn > Instant.now().epochSecond + 60
}
