"""A token endpoint whose checks are Authlib's grant of RFC 7523.

Its first line on standard output is its port; each request then adds a line with the
outcome, before it is answered. Standard input has the public keys: {"App ID": {"Key ID": "PEM"}}. What stands
here carries Coze's request (a JWT in Authorization, a JSON body) into the form of the
RFC; all that is checked and all that is answered is Authlib's.
"""
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from authlib.jose import JsonWebKey
from authlib.oauth2.rfc6749 import AuthorizationServer, OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidGrantError
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7523 import JWTBearerGrant


class App:
    def __init__(self, keys):
        self.keys = keys

    def check_grant_type(self, grant_type):
        return grant_type == JWTBearerGrant.GRANT_TYPE

    def get_allowed_scope(self, scope):
        return scope


class Grant(JWTBearerGrant):
    def resolve_issuer_client(self, issuer):
        if issuer not in self.server.apps:
            raise InvalidGrantError(description='unknown "iss"')
        return self.server.apps[issuer]

    def resolve_client_key(self, client, headers, payload):
        if headers.get('kid') not in client.keys:
            raise InvalidGrantError(description='unknown "kid"')
        return JsonWebKey.import_key(client.keys[headers['kid']])


class Server(AuthorizationServer):
    def __init__(self, apps):
        super().__init__()
        self.apps = apps
        self.register_token_generator('default', BearerTokenGenerator(lambda **_: 'authlib_token_0123'))
        self.register_grant(Grant)

    def create_oauth2_request(self, request):
        return request

    def save_token(self, token, request):
        pass

    def handle_response(self, status, body, headers):
        return status, body, headers


class Endpoint(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
        form = {'grant_type': body['grant_type'], 'assertion': self.headers['Authorization'].partition('Bearer ')[2]}
        Grant.CLAIMS_OPTIONS['aud'] = {'essential': True, 'value': self.headers['Host']}
        status, answer, headers = self.server.oauth.create_token_response(
            OAuth2Request('POST', 'https://' + self.headers['Host'] + self.path, form, dict(self.headers)))
        sys.stdout.write(f"{status} {dict(answer).get('error_description', '')}\n")
        sys.stdout.flush()
        text = json.dumps(answer if isinstance(answer, dict) else dict(answer)).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(('127.0.0.1', 0), Endpoint)
server.oauth = Server({app: App(keys) for app, keys in json.load(sys.stdin).items()})
print(server.server_port, flush=True)
server.serve_forever()
