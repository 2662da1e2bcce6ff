import { closest } from "fastest-levenshtein";

import type { Rule } from "./rule";
import { keyOf, set } from "../problem";
import { regions } from "../regions";

/** The Google Cloud project is named. */
export const namedProject: Rule = ({ project }) =>
    project !== ""
        ? []
        : [
              {
                  key: "gcp:project",
                  problem: "is missing: the Google Cloud project to create everything in",
                  remedy: set("gcp:project", "my-project"),
              },
          ];

/** The region exists. */
export const knownRegion: Rule = ({ region }) => {
    const nearest = closest(region, [...regions]);
    return nearest === region
        ? []
        : [
              {
                  key: "gcp:region",
                  problem: `${region} is no region of Google Cloud; the nearest is ${nearest}`,
                  remedy: set("gcp:region", nearest),
              },
          ];
};

/** A stack whose name says production is one. */
export const namedProduction: Rule = ({ stack, environment }) =>
    environment === "prod" || !stack.startsWith("prod")
        ? []
        : [
              {
                  key: keyOf("environment"),
                  problem: `stack ${stack} has a production name, but is a ${environment} environment, which protects nothing`,
                  remedy: set(keyOf("environment"), "prod"),
              },
          ];
