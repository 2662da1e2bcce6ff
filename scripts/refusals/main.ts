// Writes docs/reference/refusals.md from the refusals of Google's APIs that the sandbox's tests send.
import { runPageCommand } from "../command-line/generated-page";
import { refusalsPage } from "./markdown";
import { readRefusals } from "./refusals";

runPageCommand("reference/refusals.md", "sandbox/test/cloud/refusals/", () => refusalsPage(readRefusals()));
