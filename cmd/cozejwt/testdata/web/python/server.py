# A server with a login that the snippet's route is pasted into.
from http.server import ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import coze_token


class Handler(coze_token.Handler):
    def do_GET(self):
        if not self.path.startswith("/login"):
            return super().do_GET()
        user = parse_qs(urlparse(self.path).query)["as"][0]
        coze_token.sessions["id-of-" + user] = user
        self.send_response(204)
        self.send_header("Set-Cookie", f"session=id-of-{user}; Path=/")
        self.end_headers()


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
