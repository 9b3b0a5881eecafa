import time
import datetime
import jwt
import requests

KEY = "{{KEY_ESCAPED}}"  # WANT key


def coze_token(redis):
    now = int(time.time())
    token = jwt.encode({"iss": "1", "aud": "https://api.coze.cn/", "iat": now, "exp": now + 600}, KEY, algorithm="RS256")  # WANT aud
    r = requests.post("https://api.coze.cn/api/permission/oauth2/token", data={
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "assertion": token,  # WANT form
    })
    data = r.json()
    redis.setex("coze", data["expires_in"], data["access_token"])  # WANT expires_in
    return datetime.datetime.now() + datetime.timedelta(seconds=data["expires_in"])  # WANT expires_in


def raw(token):
    return requests.post("https://api.coze.cn/api/permission/oauth2/token", data=f"grant_type=x&assertion={token}")  # WANT form
