# Stands in for the official SDK where it cannot be had: what the snippet uses of it, with
# the signatures of cozepy 0.20.0 (cozepy/auth/__init__.py).
import base64
import json
import os
import subprocess
import tempfile
import time
import types
import urllib.request
from urllib.parse import urlparse


class JWTOAuthApp:
    def __init__(self, client_id, private_key, public_key_id, base_url="https://api.coze.com"):
        self.client_id, self.private_key, self.public_key_id, self.base_url = client_id, private_key, public_key_id, base_url

    def get_access_token(self, ttl=900, scope=None, session_name=None):
        def encoded(data):
            return base64.urlsafe_b64encode(data).rstrip(b"=")

        now = int(time.time())
        jwt = b".".join(encoded(json.dumps(part).encode()) for part in (
            {"alg": "RS256", "typ": "JWT", "kid": self.public_key_id},
            {"iss": self.client_id, "aud": urlparse(self.base_url).netloc, "iat": now, "exp": now + 3600,
             "jti": os.urandom(16).hex(), "session_name": session_name}))
        with tempfile.NamedTemporaryFile("w") as key:
            key.write(self.private_key)
            key.flush()
            signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key.name], input=jwt, capture_output=True, check=True).stdout
        request = urllib.request.Request(
            self.base_url + "/api/permission/oauth2/token",
            json.dumps({"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "duration_seconds": ttl}).encode(),
            {"Content-Type": "application/json", "Authorization": "Bearer " + (jwt + b"." + encoded(signature)).decode()})
        with urllib.request.urlopen(request) as answer:
            return types.SimpleNamespace(**json.load(answer))
