// A server with a login that the snippet's route is pasted into.
import express from "express";
import session from "express-session";
import { cozeToken } from "./coze-token.mjs";

const server = express();
server.use(session({ secret: "test", resave: false, saveUninitialized: false }));
server.get("/login", (req, res) => {
  req.session.userId = req.query.as;
  res.sendStatus(204);
});
server.use(cozeToken);
const listening = server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${listening.address().port}`));
