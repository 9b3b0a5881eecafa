"""Shape of a FastAPI service with cozepy.

Do not write Coze(auth=TokenAuth(token)) without base_url: the default is api.coze.com.
"""
import os
import time

from cozepy import COZE_CN_BASE_URL, AsyncCoze, Coze, JWTAuth, JWTOAuthApp, TokenAuth
from fastapi import FastAPI

app = FastAPI()
base = os.getenv("COZE_API_BASE") or COZE_CN_BASE_URL
oauth = JWTOAuthApp(
    client_id=os.environ["COZE_CLIENT_ID"],
    private_key=open(os.environ["COZE_PRIVATE_KEY_PATH"]).read(),
    public_key_id=os.environ["COZE_PUBLIC_KEY"],
    base_url=base,
)
other = JWTOAuthApp("1", "key", "kid", base)
coze = Coze(auth=JWTAuth(oauth_app=oauth), base_url=base)
placed = Coze(TokenAuth("x"), base)
options = {"auth": TokenAuth("x"), "base_url": base}
spread = AsyncCoze(**options)


class CachedToken:
    def __init__(self, token):
        self.access_token = token.access_token
        self.expires_at = token.expires_in  # a Unix time

    def is_fresh(self):
        return time.time() + 60 < self.expires_at


def sign(expires_in: int = 3600):
    return {"exp": int(time.time()) + expires_in, "aud": "api.coze.cn"}


def patient(pat_encounter_diagnosis_2024_list):
    return pat_encounter_diagnosis_2024_list


class Coze2(Coze):
    pass
