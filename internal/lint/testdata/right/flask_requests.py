# Shape of a Flask app that signs with PyJWT and posts with requests.
import time
import uuid
from datetime import datetime
from urllib.parse import urlparse

import jwt
import requests

BASE = "https://api.coze.cn"


def coze_token(app_id, kid, key, session):
    now = int(time.time())
    assertion = jwt.encode(
        {"iss": app_id, "aud": urlparse(BASE).netloc, "iat": now, "exp": now + 600, "jti": uuid.uuid4().hex, "session_name": session},
        key, algorithm="RS256", headers={"kid": kid})
    r = requests.post(f"{BASE}/api/permission/oauth2/token",
                      headers={"Authorization": f"Bearer {assertion}"},
                      json={"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "duration_seconds": 900})
    data = r.json()
    return data["access_token"], datetime.fromtimestamp(data["expires_in"])


def left(data):
    return data["expires_in"] - time.time()


KEY_SAMPLE = """-----BEGIN PRIVATE KEY-----
xxxxxxxxxxxxxxxxxx
-----END PRIVATE KEY-----"""
