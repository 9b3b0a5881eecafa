#!/usr/bin/env node
// Starts the cozejwt that fits this machine. It has the terminal to itself;
// signals and the exit code pass through.
"use strict";
const { spawn } = require("child_process");

const name = `cozejwt-${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "cozejwt.exe" : "cozejwt";

function fail(english, chinese) {
  const locale = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || "";
  console.error("cozejwt: " + (/^zh/i.test(locale) ? chinese : english));
  process.exit(1);
}

let program;
try {
  program = require.resolve(`${name}/bin/${file}`);
} catch {
  fail(
    `the package ${name} is not installed\n` +
      "  → Install again on this machine, with optional dependencies: npm install --include=optional cozejwt\n" +
      "  → There are packages for Linux, macOS and Windows, each on x64 and arm64",
    `没有安装 ${name} 包\n` +
      "  → 在本机重新安装，并包含可选依赖：npm install --include=optional cozejwt\n" +
      "  → 支持 Linux、macOS、Windows 的 x64 和 arm64",
  );
}

// Before the start: a signal that comes right after it has to reach the program. The
// terminal sends Ctrl+C to the program as well: a second one from here would end it before it
// has cleaned up.
const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    if (signal !== "SIGINT" || !onTerminal) child.kill(signal);
  });
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
child.on("error", (error) => fail(`${program}: ${error.message}`, `${program}：${error.message}`));
child.on("exit", (code, signal) => {
  if (signal === null) {
    process.exitCode = code;
    return;
  }
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
