import { StackFileError } from "../../components/stack-file/yaml";
import { CommandError } from "../command-line/run";

/**
 * Runs a function that reads a stack file.
 * @throws CommandError with the reason if the file cannot be read
 */
export function orCommandError<T>(read: () => T): T {
    try {
        return read();
    } catch (error) {
        throw error instanceof StackFileError ? new CommandError(error.message) : error;
    }
}
