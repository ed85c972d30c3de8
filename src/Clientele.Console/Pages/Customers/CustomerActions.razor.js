// Lets the browser save a document under a name.
export async function save(name, reference) {
    const address = URL.createObjectURL(new Blob([await reference.arrayBuffer()], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    URL.revokeObjectURL(address);
}
