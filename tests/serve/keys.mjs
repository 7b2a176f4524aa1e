// Ask the AWS SDK for JavaScript for credentials until it has seen some different ones; each is tried.
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";

const require = createRequire(new URL("../js/package.json", import.meta.url));
const { GetCallerIdentityCommand, STSClient } = require("@aws-sdk/client-sts");

const wanted = Number(process.argv[2]);
const seen = new Set();
const until = Date.now() + 60_000;
while (seen.size < wanted && Date.now() < until) {
  const client = new STSClient({});
  seen.add((await client.config.credentials()).accessKeyId);
  const who = await client.send(new GetCallerIdentityCommand({}));
  if (!who.Arn.includes("assumed-role/read-only/")) throw new Error(who.Arn);
  await sleep(300);
}
console.log(seen.size);
