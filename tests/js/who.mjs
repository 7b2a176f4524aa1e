// Tell who the AWS SDK for JavaScript takes us for, and which settings reached it.
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

const client = new STSClient({});
const who = await client.send(new GetCallerIdentityCommand({}));
const region = await client.config.region();
const retryMode = await client.config.retryMode();
console.log(JSON.stringify({ arn: who.Arn, region, retry_mode: retryMode }));
