// A server with a login that the snippet's route is pasted into.
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;

public class Server {
    public static void main(String[] args) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/login", exchange -> {
            String user = exchange.getRequestURI().getQuery().substring("as=".length());
            exchange.getResponseHeaders().set("Set-Cookie", "session=" + user + "; Path=/");
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.createContext("/coze/token", new CozeToken(exchange -> {
            String cookie = exchange.getRequestHeaders().getFirst("Cookie");
            return cookie == null ? null : cookie.substring("session=".length());
        }));
        server.start();
        System.out.println("http://127.0.0.1:" + server.getAddress().getPort());
    }
}
