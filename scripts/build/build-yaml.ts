import { stringify } from "yaml";
import type { BuildDefinition } from "../../components/images/trigger/build-definition";

/**
 * A build as a file for `gcloud builds submit --config`.
 * @param serviceAccount full name of the build's service account. @default the project's default account
 */
export function buildYaml(definition: BuildDefinition, serviceAccount: string | undefined): string {
    return stringify({ ...definition, ...(serviceAccount === undefined ? {} : { serviceAccount }) }, { lineWidth: 0 });
}
