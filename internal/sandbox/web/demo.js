// The demo project that the console offers: a zip with the credentials of a key made for it.
// It is put together in the browser, so that the private key is never sent.
"use strict";

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}

// record is a header of a zip: numbers as [bytes, value], little-endian.
function record(...fields) {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return new Uint8Array(view.buffer);
}

// zip stores files, each [name, text], without compressing them (APPNOTE 4.3 of PKWARE).
function zip(files) {
  const now = new Date(), encoder = new TextEncoder();
  const time = (now.getHours() << 11) | (now.getMinutes() << 5) | (now.getSeconds() >> 1);
  const date = ((now.getFullYear() - 1980) << 9) | ((now.getMonth() + 1) << 5) | now.getDate();
  const parts = [], directory = [];
  let offset = 0, size = 0;
  for (const [name, text] of files) {
    const path = encoder.encode(name), body = encoder.encode(text);
    const common = [[2, 20], [2, 0x0800], [2, 0], [2, time], [2, date], [4, crc32(body)], [4, body.length], [4, body.length], [2, path.length], [2, 0]];
    const local = record([4, 0x04034b50], ...common);
    const entry = record([4, 0x02014b50], [2, 20], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]);
    parts.push(local, path, body);
    directory.push(entry, path);
    offset += local.length + path.length + body.length;
    size += entry.length + path.length;
  }
  const end = record([4, 0x06054b50], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, size], [4, offset], [2, 0]);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}

// The layout is that of coze-dev/coze-oauth-quickstart: a folder with coze_oauth_config.json.
// A zip of the real console with a key in it has not been seen.
async function downloadDemo(button) {
  const pair = await makePair();
  const answer = await fetch(button.dataset.to, { method: "POST", body: JSON.stringify({ public_key: pair.publicKey }) });
  const key = await answer.json();
  if (!answer.ok) {
    throw new Error(key.error);
  }
  const config = {
    client_type: "jwt", client_id: button.dataset.app, private_key: pair.privateKey, public_key_id: key.key_id,
    coze_www_base: location.origin, coze_api_base: location.origin,
  };
  save(zip([
    ["coze-jwt-demo/README.md", "# Demo\n\nThe SDKs load coze_oauth_config.json. It holds a private key: keep it out of git.\n"],
    ["coze-jwt-demo/coze_oauth_config.json", `${JSON.stringify(config, null, 2)}\n`],
  ]), "coze-jwt-demo.zip");
}
