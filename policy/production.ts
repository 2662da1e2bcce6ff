/**
 * Whether the stack is a production stack: its configuration says `ml-platform:environment: prod`, or, where it says nothing, it is named `prod`. The engine puts both into
 * the environment of a pack. Where neither is known the answer is yes: a pack must not become lenient because something was lost on the way to it.
 */
export function isProduction(env: Readonly<Record<string, string | undefined>>): boolean {
    const config = JSON.parse(env.PULUMI_CONFIG ?? "{}") as Record<string, string>;
    return (config["ml-platform:environment"] ?? env.PULUMI_NODEJS_STACK ?? "prod") === "prod";
}
