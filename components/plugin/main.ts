import * as pulumi from "@pulumi/pulumi";
import { offers } from "./offers/all";
import { componentProvider } from "./provider";

void pulumi.provider.main(componentProvider(offers), process.argv.slice(2));
