import type { Rule } from "./rule";
import { keyOf, remove, set } from "../problem";

/** The trigger watches one repository. */
export const oneRepository: Rule = ({ build }) => {
    if (build === undefined || (build.github === undefined) !== (build.connection === undefined)) {
        return [];
    }
    return build.github === undefined
        ? [
              {
                  key: keyOf("build"),
                  problem: "names no repository: it needs github (owner, name) or connection (name, remoteUri)",
                  remedy: `${set(keyOf("build", "github", "owner"), "my-organization")} && ${set(keyOf("build", "github", "name"), "my-repository")}`,
              },
          ]
        : [
              {
                  key: keyOf("build", "github"),
                  problem: "stands beside connection, but a trigger watches one repository",
                  remedy: remove(keyOf("build", "github")),
              },
          ];
};

/** A person approves each build of a production stack. */
export const productionApproval: Rule = ({ environment, build }) =>
    environment !== "prod" || build === undefined || build.approval
        ? []
        : [
              {
                  key: keyOf("build", "approval"),
                  problem: "is false, but builds of a prod environment need an approval",
                  remedy: set(keyOf("build", "approval"), true),
                  basis: [keyOf("environment")],
              },
          ];
