import { resourceName } from "../../components/config/fields";
import { imageSettings, releaseFacts } from "../../components/images/config";
import { shippedSource } from "../../components/images/shipped-images";
import { plainScalar } from "../../components/stack-file/scalar";
import { CommandError } from "../command-line/run";

/** Maximum length of a name. A run's ID is the name with a number, and must fit into the limit of names, too. */
const LONGEST = 37;

/**
 * Makes sure that the name is valid for a folder, an image, a service and a run.
 * @throws CommandError with the reason if it is not
 */
export function checkName(name: string): void {
    const [problem] = resourceName.safeParse(name).error?.issues ?? [];
    if (problem !== undefined || name.length > LONGEST) {
        throw new CommandError(
            `${name} is not a valid name: it must be lower-case letters, digits and dashes, at most ${LONGEST}, first a letter.`,
        );
    }
    if (shippedSource(name, "cpu") !== undefined) {
        throw new CommandError(`${name} is the name of one of the project's own images: choose another.`);
    }
    if (imageSettings.includes(name) || releaseFacts.includes(name)) {
        throw new CommandError(`${name} is the name of a setting of images: choose another.`);
    }
    if (plainScalar(name).kind !== "text") {
        throw new CommandError(`${name} is not a text in YAML: choose another name.`);
    }
}
