// What the console cannot do without a script: make a key pair in the browser,
// as the real console does, follow the requests, copy, and read a file.
"use strict";

const find = (selector) => document.querySelector(selector);

function pem(label, buffer) {
  const text = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return `-----BEGIN ${label}-----\n${text.match(/.{1,64}/g).join("\n")}\n-----END ${label}-----\n`;
}

// makePair makes a key pair, in PEM.
async function makePair() {
  const pair = await crypto.subtle.generateKey(
    { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" },
    true, ["sign", "verify"]);
  const [spki, pkcs8] = await Promise.all(
    [crypto.subtle.exportKey("spki", pair.publicKey), crypto.subtle.exportKey("pkcs8", pair.privateKey)]);
  return { publicKey: pem("PUBLIC KEY", spki), privateKey: pem("PRIVATE KEY", pkcs8) };
}

// save downloads what the page has made.
function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
}

// The private key is downloaded and never sent.
async function createKey(button) {
  const pair = await makePair();
  const answer = await fetch(button.dataset.to, { method: "POST", body: new URLSearchParams({ public_key: pair.publicKey }) });
  if (!answer.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    throw new Error(page.querySelector("[role=alert]")?.textContent || `HTTP ${answer.status}`);
  }
  save(new Blob([pair.privateKey], { type: "application/x-pem-file" }), "private_key.pem");
}

for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;

// Each of the two buttons makes a key, downloads it, and says so.
for (const [name, make] of [["create-key", createKey], ["demo", (button) => downloadDemo(button)]]) {
  const button = find(`#${name}`);
  if (button && sessionStorage.getItem("done") === name) {
    sessionStorage.removeItem("done");
    const state = find(`#${name}-state`);
    state.textContent = button.dataset.done; // still said on the page with the new key
    state.tabIndex = -1;
    state.focus();
  }
  button?.addEventListener("click", async () => {
    const state = find(`#${name}-state`);
    button.disabled = true;
    try {
      await make(button);
      state.textContent = button.dataset.done;
      sessionStorage.setItem("done", name);
      setTimeout(() => location.reload(), 1500); // the download has begun by then
    } catch (error) {
      state.textContent = `${button.dataset.failed} ${error.message}`;
      button.disabled = false;
    }
  });
}

find("#file")?.addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (file) {
    find("#public_key").value = await file.text();
  }
});

for (const copy of document.querySelectorAll("[data-copy]")) {
  copy.hidden = !navigator.clipboard;
  copy.addEventListener("click", async () => {
    const state = copy.nextElementSibling;
    for (const other of document.querySelectorAll("[data-copy] + [role=status]")) other.textContent = "";
    try {
      await navigator.clipboard.writeText(copy.dataset.copy);
      state.textContent = state.dataset.done;
    } catch {
      state.textContent = state.dataset.failed;
    }
  });
}

// "Select all" ticks the boxes of its group, and shows whether all of them are ticked.
for (const all of document.querySelectorAll("[data-all]")) {
  const group = all.closest("fieldset");
  const boxes = [...group.querySelectorAll("input[type=checkbox]")].filter((box) => box !== all);
  if (boxes.length < 2) continue;
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && !all.checked;
  };
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  group.addEventListener("change", show);
  show();
}

for (const opener of document.querySelectorAll("[data-dialog]")) {
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById(opener.dataset.dialog).showModal();
  });
}
const opened = find("dialog[data-open]");
if (opened) {
  const done = find("#done");
  if (done) opened.querySelector("h2").after(done); // behind the dialog nobody would see it
  opened.showModal();
}

const requests = find("#requests");
if (requests) {
  new EventSource("/open/requests/events").onmessage = (event) => {
    requests.insertAdjacentHTML("afterbegin", event.data);
    find("#no-requests").hidden = true;
    while (requests.children.length > 50) {
      requests.lastElementChild.remove();
    }
  };
}
