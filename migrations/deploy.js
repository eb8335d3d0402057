// For `anchor migrate`: hands over to the command line, whose migrations are ordered and idempotent (migrations/src).
const { spawnSync } = require("node:child_process");
const path = require("node:path");

module.exports = async function (provider) {
  const root = path.join(__dirname, "..");
  const url = provider.connection.rpcEndpoint;
  const keypair = process.env.ANCHOR_WALLET;
  const args = ["run", "--quiet", "--ignore-rust-version", "--package", "commonweal-cli", "--", "--url", url];
  if (keypair) args.push("--keypair", keypair);
  args.push("deploy");
  const done = spawnSync("cargo", args, { cwd: root, stdio: "inherit" });
  if (done.error) throw done.error;
  if (done.status !== 0) throw new Error(`commonweal deploy ended with status ${done.status}`);
};
