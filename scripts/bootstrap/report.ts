import { backendUrl, type BootstrapSettings, isHome } from "../../bootstrap/settings";

/** The outputs of the bootstrap program. */
export interface Prepared {
    /** `--secrets-provider` of the stack. */
    readonly secretsProvider: string;
    /** Variables of the GitHub repository. */
    readonly repositoryVariables: Readonly<Record<string, string>>;
    /** Variables of the GitHub environment. */
    readonly environmentVariables: Readonly<Record<string, string>>;
}

/**
 * The remaining tasks as text: commands first, then manual tasks.
 * @param quota the task to request quota; undefined if the project has quota
 */
export function report(settings: BootstrapSettings, prepared: Prepared, quota: string | undefined): string {
    const { project, environment } = settings;
    const tasks = [quota, ...tasksOf(settings)].filter((task) => task !== undefined);
    return [
        `\nProject ${project} is ready for stack ${environment}.\n`,
        section("Create the stack", stackCommands(settings, prepared)),
        section("Set the variables of the GitHub workflows", githubCommands(settings, prepared)),
        section(
            "Manual steps",
            tasks.map((task) => `- ${task}`),
        ),
    ].join("");
}

const section = (title: string, lines: readonly string[]): string => `\n${title}:\n${lines.map((line) => `  ${line}\n`).join("")}`;

function stackCommands({ project, region, home, environment }: BootstrapSettings, { secretsProvider }: Prepared): readonly string[] {
    return [
        `pulumi login ${backendUrl(home)}`,
        `pulumi stack init ${environment} --secrets-provider ${secretsProvider}`,
        `pulumi config set --stack ${environment} gcp:project ${project}`,
        `pulumi config set --stack ${environment} gcp:region ${region}`,
    ];
}

/** https://cli.github.com/manual/gh_variable_set */
function githubCommands(
    { repository, environment }: BootstrapSettings,
    { repositoryVariables, environmentVariables }: Prepared,
): readonly string[] {
    return [
        ...Object.entries(repositoryVariables).map(([name, value]) => `gh variable set ${name} --repo ${repository} --body ${value}`),
        `gh api --method PUT repos/${repository}/environments/${environment} --silent`,
        ...Object.entries(environmentVariables).map(
            ([name, value]) => `gh variable set ${name} --repo ${repository} --env ${environment} --body ${value}`,
        ),
    ];
}

function tasksOf(settings: BootstrapSettings): readonly string[] {
    const { repository, environment, project, home } = settings;
    const own = isHome(settings)
        ? ["Connect the repository for builds, or let pulumi up build the images: docs/google-cloud.md, section 4."]
        : [
              `List ${project} under ml-platform:registry.consumers in Pulumi.dev.yaml, and run pulumi up --stack dev: then it pulls the images of dev.`,
              `If nodes should run only what the trigger of dev built: pulumi config set --stack ${environment} --path ml-platform:cluster.binaryAuthorization.buildProject ${home}`,
              `Require reviewers for environment ${environment}: https://github.com/${repository}/settings/environments`,
          ];
    return [
        ...own,
        "If workloads read secrets of Secret Manager, let the deployments grant access to them: docs/google-cloud.md, section 5.",
    ];
}
