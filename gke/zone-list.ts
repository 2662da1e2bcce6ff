/** Zones written as their region and letters: `us-east4-ac us-east5-a` → us-east4-a, us-east4-c, us-east5-a. */
export const zonesIn = (list: string): readonly string[] =>
    list.split(/\s+/).flatMap((group) => {
        const end = group.lastIndexOf("-") + 1;
        return Array.from(group.slice(end), (letter) => `${group.slice(0, end)}${letter}`);
    });
