import { PolicyPack } from "@pulumi/policy";
import { isProduction } from "./production";
import { policies } from "./rules/all";

new PolicyPack("ml-platform", { policies: policies(isProduction(process.env)) });
