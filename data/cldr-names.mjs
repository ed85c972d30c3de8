// Writes data/cldr-names.json: what people call countries and regions, from Unicode CLDR. Run it again for a newer CLDR:
//
//     node data/cldr-names.mjs
//
// It fetches the packages from the npm registry into a temporary directory. Names that it cannot assign are listed under "unlisted":
// address-aliases.txt assigns those that belong to one region; the others are larger than the regions of the list.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const version = "48.2.0";
const packages = ["cldr-subdivisions-full", "cldr-localenames-full", "cldr-core"];

// Countries in which a code of CLDR can be the code of another region in address-rules.json: CLDR keeps Iran's old codes and has two of Taiwan's mixed up;
// address-rules.json numbers Vietnam by its own statistics.
const otherCodes = new Set(["IR", "TW", "VN"]);

// Countries whose regions have other codes in address-rules.json than in ISO 3166-2, with the codes that names do not find. The other lists with such
// codes hold areas that ISO 3166-2 does not know.
const recoded = { VN: { 46: "26" } };

const generic = /^(?:county of |co\.? )|(?: (?:province|region|city|county|governorate|district|sheng|shi|oblast'?))$/i;
const here = import.meta.dirname;
const rules = JSON.parse(readFileSync(join(here, "address-rules.json"), "utf8")).countries;
const fetched = mkdtempSync(join(tmpdir(), "cldr-"));
try {
    for (const name of packages) {
        execFileSync("npm", ["pack", "--silent", `${name}@${version}`], { cwd: fetched });
        execFileSync("sh", ["-c", `mkdir ${name} && tar xzf ${name}-${version}.tgz -C ${name} --strip-components=1`], { cwd: fetched });
    }
    const names = { source: `Unicode CLDR ${version}, by cldr-names.mjs`, countries: countries(), ...regions() };
    writeFileSync(join(here, "cldr-names.json"), layOut(names));
} finally {
    rmSync(fetched, { recursive: true });
}

function countries() {
    const english = territories("en");
    return Object.fromEntries(Object.entries(rules).map(([code, country]) => {
        const native = (country.lang ?? []).map(language => territories(language)?.[code]).filter(name => name);
        const others = Object.entries(english).filter(([key]) => key.startsWith(`${code}-alt-`)).map(([, name]) => name);
        const names = new Set([...others, ...native.slice(1)].filter(name => name !== country.name && name !== native[0]));
        return [code, { native: native[0] ?? country.name, names: [...names] }];
    }));
}

function territories(language) {
    const file = join(fetched, "cldr-localenames-full", "main", language, "territories.json");
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).main[language].localeDisplayNames.territories : undefined;
}

function regions() {
    const english = deepest(JSON.parse(readFileSync(join(fetched, "cldr-subdivisions-full", "subdivisions", "en", "en.json"), "utf8")));
    const contained = JSON.parse(readFileSync(join(fetched, "cldr-core", "supplemental", "subdivisionContainment.json"), "utf8"))
        .supplemental.subdivisionContainment;
    const parents = Object.fromEntries(Object.entries(contained).flatMap(([parent, { _contains }]) => _contains.map(part => [part, parent])));
    const result = { codes: {}, regions: {}, unlisted: {} };
    for (const [country, { subs }] of Object.entries(rules).filter(([, rule]) => rule.subs?.length)) {
        const prefix = country.toLowerCase();
        const known = Object.entries(english).filter(([id]) => id.startsWith(prefix)).map(([id, name]) => [id, name.replace(/[²³]/u, "")]);
        const found = {};
        for (const [id, name] of known) {
            const code = id.slice(prefix.length).toUpperCase();
            const listed = byName(subs, name) ?? byCode(subs, country, code) ?? byCode(subs, country, parents[id]?.slice(prefix.length).toUpperCase());
            if (listed) {
                // The region's own name comes first.
                (found[listed[0]] ??= [])[code === listed[0].toUpperCase() ? "unshift" : "push"](name);
                if (country in recoded) {
                    (result.codes[country] ??= { ...recoded[country] })[listed[0]] ??= code;
                }
            } else {
                (result.unlisted[country] ??= {})[code] = name;
            }
        }
        const codes = result.codes[country] ?? {};
        result.regions[country] = Object.fromEntries(Object.entries(found).map(([code, all]) => [codes[code] ?? code, [...new Set(all)]]));
    }
    return result;
}

function byName(subs, name) {
    const sharing = form => subs.filter(([, ...all]) => all.some(other => form(other) === form(name)));
    return sharing(key)[0] ?? only(sharing(short));
}

function byCode(subs, country, code) {
    return otherCodes.has(country) ? undefined : subs.find(([listed]) => listed.toUpperCase() === code);
}

function only(found) {
    return found.length === 1 ? found[0] : undefined;
}

function short(name) {
    return key(name.replace(generic, "")).replace(/(?<=..)maa$/, "");
}

function key(name) {
    return name.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase().replaceAll("&", "and").replace(/[^\p{L}\p{N}]/gu, "");
}

// The file nests the names differently from version to version.
function deepest(json) {
    const inner = Object.values(json);
    return typeof inner[0] === "string" && inner.length > 1000 ? json : inner.filter(value => typeof value === "object").map(deepest).find(value => value);
}

// A line for each country, so that the differences of versions can be read.
function layOut(json) {
    const parts = Object.entries(json).map(([name, value]) => `${JSON.stringify(name)}:` + (typeof value === "string" ? JSON.stringify(value)
        : `{\n${Object.entries(value).map(([country, entry]) => `${JSON.stringify(country)}:${JSON.stringify(entry)}`).join(",\n")}\n}`));
    return `{\n${parts.join(",\n")}\n}\n`;
}
