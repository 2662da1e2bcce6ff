// Writes docs/reference/configuration.md from the schemas of the configuration.
import { sections } from "../../components/config/sections";
import { runPageCommand } from "../command-line/generated-page";
import { configurationReference } from "./markdown";

runPageCommand("reference/configuration.md", "the config.ts files of components/", () => configurationReference(sections));
