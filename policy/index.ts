import { PolicyPack } from "@pulumi/policy";
import { isProduction, policies } from "./rules/all";

new PolicyPack("ml-platform", { policies: policies(isProduction(process.env)) });
